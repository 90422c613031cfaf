// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import dev.samd.sa.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the few kinds of CBOR item that key derivation needs, in deterministic encoding (RFC 8949 s4.2.1). */
final class CborOctets {
    private static final int UNSIGNED = 0;
    private static final int OCTETS = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(160);

    CborOctets array(int items) {
        return head(ARRAY, items);
    }

    CborOctets number(int value) {
        return head(UNSIGNED, value);
    }

    CborOctets text(String value) {
        byte[] octets = value.getBytes(StandardCharsets.UTF_8);
        head(TEXT, octets.length);
        out.writeBytes(octets);
        return this;
    }

    CborOctets octets(Octets value) {
        head(OCTETS, value.length());
        out.writeBytes(value.toArray());
        return this;
    }

    Octets toOctets() {
        return Octets.of(out.toByteArray());
    }

    private CborOctets head(int major, int argument) {
        if (argument < 24) {
            out.write(major << 5 | argument);
        } else if (argument < 1 << 8) {
            out.write(major << 5 | 24);
            out.write(argument);
        } else if (argument < 1 << 16) {
            out.write(major << 5 | 25);
            out.write(argument >> 8);
            out.write(argument);
        } else {
            out.write(major << 5 | 26);
            out.write(argument >> 24);
            out.write(argument >> 16);
            out.write(argument >> 8);
            out.write(argument);
        }
        return this;
    }
}
