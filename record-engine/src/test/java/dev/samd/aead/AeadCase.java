// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/** What one AEAD call takes. Sealing and opening go through the interface as records do: in place, into an array. */
final class AeadCase {
    final byte[] key;
    final byte[] nonce;
    final byte[] additionalData;
    final byte[] plaintext;

    AeadCase(byte[] key, byte[] nonce, byte[] additionalData, byte[] plaintext) {
        this.key = key;
        this.nonce = nonce;
        this.additionalData = additionalData;
        this.plaintext = plaintext;
    }

    static AeadCase random(Random random, int keyLength, int nonceLength, int additionalLength, int length) {
        return new AeadCase(
                octets(random, keyLength),
                octets(random, nonceLength),
                octets(random, additionalLength),
                octets(random, length));
    }

    private static byte[] octets(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    byte[] sealedBy(Aead aead) {
        byte[] octets = Arrays.copyOf(plaintext, plaintext.length + aead.tagLength());
        aead.seal(key, nonce, additionalData, octets, 0, plaintext.length);
        return octets;
    }

    Optional<byte[]> openedBy(Aead aead, byte[] sealed) {
        byte[] opened = new byte[Math.max(0, sealed.length - aead.tagLength())];
        return aead.open(key, nonce, additionalData, sealed, 0, sealed.length, opened)
                ? Optional.of(opened)
                : Optional.empty();
    }
}
