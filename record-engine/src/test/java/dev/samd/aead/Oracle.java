// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** Bouncy Castle's opinion on an AEAD call. */
final class Oracle {
    private Oracle() {}

    static Aead ours(String algorithm, int tagLength) {
        return switch (algorithm) {
            case "CCM" -> new AesCcm(tagLength);
            case "GCM" -> JceAead.gcm();
            case "CHACHA20_POLY1305" -> JceAead.chaCha20Poly1305();
            default -> throw new IllegalArgumentException(algorithm);
        };
    }

    static byte[] sealed(String algorithm, int tagLength, AeadCase inputs) {
        AEADCipher cipher =
                switch (algorithm) {
                    case "CCM" -> CCMBlockCipher.newInstance(AESEngine.newInstance());
                    case "GCM" -> GCMBlockCipher.newInstance(AESEngine.newInstance());
                    case "CHACHA20_POLY1305" -> new ChaCha20Poly1305();
                    default -> throw new IllegalArgumentException(algorithm);
                };
        cipher.init(
                true,
                new AEADParameters(new KeyParameter(inputs.key), 8 * tagLength, inputs.nonce, inputs.additionalData));
        byte[] output = new byte[cipher.getOutputSize(inputs.plaintext.length)];
        try {
            int at = cipher.processBytes(inputs.plaintext, 0, inputs.plaintext.length, output, 0);
            cipher.doFinal(output, at);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException(e);
        }
        return output;
    }
}
