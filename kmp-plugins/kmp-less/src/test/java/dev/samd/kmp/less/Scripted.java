// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Gives the octets that a test says, in their order. */
final class Scripted implements RandomGenerator {
    private final Deque<byte[]> next = new ArrayDeque<>();

    Scripted(String... hex) {
        for (String octets : hex) {
            next.add(HexFormat.of().parseHex(octets));
        }
    }

    @Override
    public void nextBytes(byte[] octets) {
        byte[] said = next.remove();
        if (said.length != octets.length) {
            throw new IllegalStateException(octets.length + " octets wanted where " + said.length + " are said");
        }
        System.arraycopy(said, 0, octets, 0, said.length);
    }

    @Override
    public long nextLong() {
        throw new IllegalStateException("octets only");
    }
}
