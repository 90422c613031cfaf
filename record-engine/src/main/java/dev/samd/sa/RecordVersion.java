// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.util.Locale;

/** The record version of an SA, as it stands on the wire. */
public enum RecordVersion {
    /** RFC 6347, with connection IDs of RFC 9146. */
    DTLS12(0xfefd);

    private final int wire;

    RecordVersion(int wire) {
        this.wire = wire;
    }

    /** The two octets of a record header as a number. */
    public int wire() {
        return wire;
    }

    /**
     * The version of its number on the wire.
     *
     * @throws SaException {@link SaError#UNSUPPORTED_VERSION}
     */
    public static RecordVersion ofWire(int wire) {
        for (RecordVersion version : values()) {
            if (version.wire == wire) {
                return version;
            }
        }
        String hex = String.format(Locale.ROOT, "%04x", wire);
        throw new SaException(SaError.UNSUPPORTED_VERSION, hex, "record version " + hex + " is not supported; fefd is");
    }
}
