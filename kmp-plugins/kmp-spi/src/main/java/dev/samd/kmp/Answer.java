// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import dev.samd.sa.Octets;

/**
 * A CoAP response.
 *
 * @param code code of the response as on the wire: 0x41 for 2.01
 * @param contentFormat its Content-Format, or {@link Incoming#NO_FORMAT}
 * @param payload the payload
 * @param location its Location-Path, "/.well-known/less/0123456789abcdef"; empty for none
 */
public record Answer(int code, int contentFormat, Octets payload, String location) {
    /** 2.01 Created. */
    public static final int CREATED = 0x41;
    /** 2.04 Changed. */
    public static final int CHANGED = 0x44;
    /** 4.00 Bad Request. */
    public static final int BAD_REQUEST = 0x80;
    /** 4.01 Unauthorized. */
    public static final int UNAUTHORIZED = 0x81;
    /** 4.02 Bad Option. */
    public static final int BAD_OPTION = 0x82;
    /** 4.03 Forbidden. */
    public static final int FORBIDDEN = 0x83;
    /** 4.04 Not Found. */
    public static final int NOT_FOUND = 0x84;
    /** 4.05 Method Not Allowed. */
    public static final int METHOD_NOT_ALLOWED = 0x85;
    /** 4.06 Not Acceptable. */
    public static final int NOT_ACCEPTABLE = 0x86;
    /** 4.09 Conflict. */
    public static final int CONFLICT = 0x89;
    /** 4.13 Request Entity Too Large. */
    public static final int TOO_LARGE = 0x8d;
    /** 4.15 Unsupported Content-Format. */
    public static final int UNSUPPORTED_FORMAT = 0x8f;
    /** 4.29 Too Many Requests. */
    public static final int TOO_MANY = 0x9d;
    /** 5.03 Service Unavailable. */
    public static final int UNAVAILABLE = 0xa3;

    /** An answer that names no place. */
    public Answer(int code, int contentFormat, Octets payload) {
        this(code, contentFormat, payload, "");
    }

    /** An answer that is a code and nothing else. */
    public static Answer of(int code) {
        return new Answer(code, Incoming.NO_FORMAT, Octets.EMPTY);
    }

    /** Whether the code is of class 2. */
    public boolean isSuccess() {
        return code >> 5 == 2;
    }
}
