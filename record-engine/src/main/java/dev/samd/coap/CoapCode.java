// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.List;

/** Codes of CoAP messages as the number of their octet, 0..255: three bits of class, five of detail (RFC 7252 s3). */
public final class CoapCode {
    /** An empty message. */
    public static final int EMPTY = 0x00;

    public static final int GET = 0x01;
    public static final int POST = 0x02;
    public static final int PUT = 0x03;
    public static final int DELETE = 0x04;
    public static final int FETCH = 0x05;
    public static final int PATCH = 0x06;
    public static final int IPATCH = 0x07;
    public static final int VALID = 0x43;
    public static final int CHANGED = 0x44;
    public static final int CONTENT = 0x45;
    public static final int UNAUTHORIZED = 0x81;

    /** Names of the methods 0.01 to 0.07 (RFC 7252 s12.1.1, RFC 8132 s6). */
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH");

    private CoapCode() {}

    /**
     * The code of a method.
     *
     * @param name in capitals or not
     * @throws SaException {@link SaError#MALFORMED} for the name of none
     */
    public static int ofMethod(String name) {
        for (int i = 0; i < METHODS.size(); i++) {
            if (METHODS.get(i).equalsIgnoreCase(name)) {
                return i + 1;
            }
        }
        throw new SaException(SaError.MALFORMED, name, "method \"" + name + "\" is none of " + METHODS);
    }

    /** The name of a method, or the code as documents write it where it has none. */
    public static String methodName(int code) {
        return code >= GET && code <= METHODS.size() ? METHODS.get(code - 1) : format(code);
    }

    /** Whether the code is a request's: 0.01 to 0.31. */
    public static boolean isRequest(int code) {
        return code > EMPTY && code <= 0x1f;
    }

    /** Whether the code is a response's: class 2, 4 or 5. */
    public static boolean isResponse(int code) {
        int codeClass = code >>> 5;
        return codeClass == 2 || codeClass == 4 || codeClass == 5;
    }

    /** Whether messages of this code may have a payload (RFC 7252 s5.5, RFC 8132 s2), which 2.03 may not. */
    public static boolean mayCarryPayload(int code) {
        return switch (code) {
            case POST, PUT, FETCH, PATCH, IPATCH -> true;
            case VALID -> false;
            default -> isResponse(code);
        };
    }

    /** The form that documents use: {@code 2.05}. */
    public static String format(int code) {
        int detail = code & 0x1f;
        return (code >>> 5) + (detail < 10 ? ".0" : ".") + detail;
    }
}
