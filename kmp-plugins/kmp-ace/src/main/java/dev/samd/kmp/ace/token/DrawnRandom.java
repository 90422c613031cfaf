// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Draws from a generator that somebody gave, for a library that wants one of this type. */
final class DrawnRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient RandomGenerator source;

    DrawnRandom(RandomGenerator source) {
        this.source = source;
    }

    @Override
    public void nextBytes(byte[] octets) {
        source.nextBytes(octets);
    }
}
