// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/** Seals the data key under a key-encryption key with AES-256-GCM: {@code nonce:12 | ciphertext:32 | tag:16}. */
final class DataKeySeal {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] PURPOSE = "samd data key".getBytes(StandardCharsets.US_ASCII);

    private DataKeySeal() {}

    /** @param provider whose key it is; {@code null} for one in memory */
    static byte[] seal(Key key, @Nullable Provider provider, SecureRandom random, byte[] dataKey)
            throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, provider, nonce).doFinal(dataKey);
        return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
    }

    /** @throws GeneralSecurityException if it was not sealed under this key, or is damaged */
    static byte[] open(Key key, @Nullable Provider provider, byte[] sealed) throws GeneralSecurityException {
        if (sealed.length < NONCE + TAG_BITS / 8) {
            throw new GeneralSecurityException("sealed key of " + sealed.length + " octets");
        }
        return cipher(Cipher.DECRYPT_MODE, key, provider, Arrays.copyOf(sealed, NONCE))
                .doFinal(sealed, NONCE, sealed.length - NONCE);
    }

    private static Cipher cipher(int mode, Key key, @Nullable Provider provider, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = provider == null
                ? Cipher.getInstance("AES/GCM/NoPadding")
                : Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(PURPOSE);
        return cipher;
    }
}
