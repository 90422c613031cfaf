// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Content;
import dev.samd.sa.Form;

/** What a message shows of its protection. The SA says what it must show, so that nobody re-dresses one kind as another. */
public enum Signs {
    /** One empty DTLS-Record option. */
    RECORD_MARKER,
    /** No such option, and the Content-Format of a protected payload. */
    PAYLOAD_FORMAT,
    /** Neither. */
    NONE;

    /** Whether the signs are those of the messages of an SA. Those of {@link Content#RAW} are never looked at. */
    public boolean fit(Content content, Form form) {
        return switch (content) {
            case MESSAGE -> this == (form == Form.SAMD ? RECORD_MARKER : NONE);
            case PAYLOAD -> this == PAYLOAD_FORMAT;
            case RAW -> false;
        };
    }
}
