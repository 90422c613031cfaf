// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

/** The type of a message (RFC 7252 s3). It is per hop and never protected. */
public enum CoapType {
    /** Confirmable. */
    CON(0),
    /** Non-confirmable. */
    NON(1),
    /** Acknowledgement. */
    ACK(2),
    /** Reset. */
    RST(3);

    private static final CoapType[] BY_BITS = {CON, NON, ACK, RST};

    private final int bits;

    CoapType(int bits) {
        this.bits = bits;
    }

    int bits() {
        return bits;
    }

    static CoapType ofBits(int bits) {
        return BY_BITS[bits];
    }
}
