// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The message that a peer protected, rebuilt: header and token of the outer message, all else out of the record. */
public final class Rebuilt implements Unprotection {
    private final byte[] octets;
    private final boolean observes;

    Rebuilt(byte[] octets, boolean observes) {
        this.octets = octets;
        this.observes = observes;
    }

    /** The message; the array is the caller's. */
    public byte[] octets() {
        return octets;
    }

    /** The code, 0..255, see {@link CoapCode}. */
    public int code() {
        return octets[1] & 0xff;
    }

    /** Whether it registers an observation, or is a notification; see {@link CoapMessage#observes}. */
    public boolean observes() {
        return observes;
    }

    /** The segments of its path, decoded; made at every call. */
    public List<String> uriPath() {
        List<String> segments = new ArrayList<>();
        OptionCursor option = CoapMessage.parse(octets).cursor();
        while (option.advance()) {
            if (option.number() == CoapOption.URI_PATH) {
                segments.add(new String(octets, option.valueOffset(), option.valueLength(), StandardCharsets.UTF_8));
            }
        }
        return List.copyOf(segments);
    }
}
