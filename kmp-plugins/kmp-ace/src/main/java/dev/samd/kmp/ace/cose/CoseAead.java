// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.cose;

import dev.samd.sa.KeyMaterial;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADBlockCipher;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** The content encryption algorithms of COSE that tokens are sealed with (RFC 9053 s4). */
public enum CoseAead {
    AES_CCM_16_64_128(10, 13, 8),
    A128GCM(1, 12, 16);

    /** Octets of a key. */
    public static final int KEY = 16;

    private final int label;
    private final int nonce;
    private final int tag;

    CoseAead(int label, int nonce, int tag) {
        this.label = label;
        this.nonce = nonce;
        this.tag = tag;
    }

    /** The number of IANA's register. */
    public int label() {
        return label;
    }

    /** Octets of a nonce. */
    public int nonceLength() {
        return nonce;
    }

    static Optional<CoseAead> of(int label) {
        for (CoseAead aead : values()) {
            if (aead.label == label) {
                return Optional.of(aead);
            }
        }
        return Optional.empty();
    }

    byte[] seal(KeyMaterial key, byte[] iv, byte[] aad, byte[] plaintext) {
        return run(true, key, iv, aad, plaintext)
                .orElseThrow(() -> new IllegalStateException("sealing with " + this + " failed"));
    }

    /** The plaintext, or empty if the tag does not verify. */
    Optional<byte[]> open(KeyMaterial key, byte[] iv, byte[] aad, byte[] ciphertext) {
        return run(false, key, iv, aad, ciphertext);
    }

    private Optional<byte[]> run(boolean seal, KeyMaterial key, byte[] iv, byte[] aad, byte[] input) {
        AEADBlockCipher cipher =
                switch (this) {
                    case AES_CCM_16_64_128 -> CCMBlockCipher.newInstance(AESEngine.newInstance());
                    case A128GCM -> GCMBlockCipher.newInstance(AESEngine.newInstance());
                };
        return Borrowed.from(key, octets -> {
            cipher.init(seal, new AEADParameters(new KeyParameter(octets), 8 * tag, iv, aad));
            byte[] output = new byte[cipher.getOutputSize(input.length)];
            try {
                int done = cipher.processBytes(input, 0, input.length, output, 0);
                cipher.doFinal(output, done);
                return Optional.of(output);
            } catch (InvalidCipherTextException e) {
                return Optional.empty();
            }
        });
    }
}
