// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.sa.AeadAlgorithm;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** Bouncy Castle's AEADs through its own API, without the provider layer of the JDK; the cipher object is kept. */
final class BouncyCastleAead implements AeadSubject {
    private final AEADCipher cipher;
    private final KeyParameter key;
    private final int tagLength;

    BouncyCastleAead(AeadAlgorithm algorithm, byte[] key) {
        cipher = switch (algorithm) {
            case AES_128_CCM_8, AES_256_CCM_8, AES_128_CCM, AES_256_CCM ->
                CCMBlockCipher.newInstance(AESEngine.newInstance());
            case AES_128_GCM, AES_256_GCM -> GCMBlockCipher.newInstance(AESEngine.newInstance());
            case CHACHA20_POLY1305 -> new ChaCha20Poly1305();
        };
        tagLength = algorithm.tagLength();
        this.key = new KeyParameter(key);
    }

    @Override
    public int tagLength() {
        return tagLength;
    }

    @Override
    public void seal(byte[] nonce, byte[] additionalData, byte[] plaintext, int length, byte[] sealed) {
        try {
            run(true, nonce, additionalData, plaintext, length, sealed);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing cannot fail to verify", e);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] additionalData, byte[] sealed, byte[] plaintext) {
        try {
            run(false, nonce, additionalData, sealed, sealed.length, plaintext);
            return true;
        } catch (InvalidCipherTextException e) {
            return false;
        }
    }

    private void run(boolean seal, byte[] nonce, byte[] additionalData, byte[] input, int length, byte[] output)
            throws InvalidCipherTextException {
        cipher.init(seal, new AEADParameters(key, 8 * tagLength, nonce, additionalData));
        int written = cipher.processBytes(input, 0, length, output, 0);
        cipher.doFinal(output, written);
    }
}
