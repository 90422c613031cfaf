// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import dev.samd.sa.AeadAlgorithm;

/** The one place that knows which code serves which algorithm. */
public final class Aeads {
    private static final Aead CCM_8 = new AesCcm(AeadAlgorithm.AES_128_CCM_8.tagLength());
    private static final Aead CCM = new AesCcm(AeadAlgorithm.AES_128_CCM.tagLength());
    private static final Aead GCM = JceAead.gcm();
    private static final Aead CHACHA20_POLY1305 = JceAead.chaCha20Poly1305();

    private Aeads() {}

    /** The algorithm's implementation, shared by all its SAs; the length of the key decides between AES-128 and AES-256. */
    public static Aead of(AeadAlgorithm algorithm) {
        return switch (algorithm) {
            case AES_128_CCM_8, AES_256_CCM_8 -> CCM_8;
            case AES_128_CCM, AES_256_CCM -> CCM;
            case AES_128_GCM, AES_256_GCM -> GCM;
            case CHACHA20_POLY1305 -> CHACHA20_POLY1305;
        };
    }
}
