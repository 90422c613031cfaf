// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.cose;

import dev.samd.sa.KeyMaterial;
import java.util.function.Function;

/** Lends the octets of a secret for one call. */
public final class Borrowed {
    private Borrowed() {}

    /**
     * What {@code use} gives when it is lent the octets, which it only reads and does not keep.
     *
     * @throws IllegalStateException if the secret is closed
     */
    public static <T> T from(KeyMaterial secret, Function<byte[], T> use) {
        byte[] octets = secret.borrow();
        if (octets == null) {
            throw new IllegalStateException("use of a closed secret");
        }
        try {
            return use.apply(octets);
        } finally {
            secret.giveBack();
        }
    }
}
