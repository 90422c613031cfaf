// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The first 128 bits of a keyed hash of secret octets: tells that they are the same, and nothing else. */
public record KeyPrint(long high, long low) {
    static KeyPrint of(byte[] hash) {
        ByteBuffer octets = ByteBuffer.wrap(hash);
        return new KeyPrint(octets.getLong(), octets.getLong());
    }

    /** The print in hexadecimal, for what is printed itself. */
    String hex() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    @Override
    public String toString() {
        return "KeyPrint";
    }
}
