// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.aead.Aead;
import dev.samd.aead.Aeads;
import dev.samd.sa.AeadAlgorithm;

/** The bare AEAD of the record engine; for GCM and CHACHA20_POLY1305 that is the one of the JDK. */
final class SamdAead implements AeadSubject {
    private final Aead aead;
    private final byte[] key;

    SamdAead(AeadAlgorithm algorithm, byte[] key) {
        aead = Aeads.of(algorithm);
        this.key = key.clone();
    }

    @Override
    public int tagLength() {
        return aead.tagLength();
    }

    @Override
    public void seal(byte[] nonce, byte[] additionalData, byte[] plaintext, int length, byte[] sealed) {
        if (plaintext != sealed) {
            System.arraycopy(plaintext, 0, sealed, 0, length);
        }
        aead.seal(key, nonce, additionalData, sealed, 0, length);
    }

    @Override
    public boolean open(byte[] nonce, byte[] additionalData, byte[] sealed, byte[] plaintext) {
        return aead.open(key, nonce, additionalData, sealed, 0, sealed.length, plaintext);
    }
}
