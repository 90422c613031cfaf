// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.sa.KeyMaterial;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals rows with AES-256-GCM: {@code salt:16 | counter:8 | ciphertext | tag:16}.
 *
 * <p>Each run draws a salt, derives a key of its own from the data key and the salt, and counts its nonces from 0. So no nonce
 * comes twice under one key, whatever copies of a store are started. Family and key of a row are associated data: a row that is
 * moved, or changed by one bit, does not open. Confined to one thread.
 */
final class RowCipher {
    private static final int SALT = 16;
    private static final int COUNTER = 8;
    private static final int TAG_BITS = 128;
    private static final int NONCE = 12;
    private static final int MOST_SALTS = 4096;

    private final KeyMaterial dataKey;
    private final byte[] salt = new byte[SALT];
    private final SecretKeySpec runKey;
    private final Cipher cipher;
    private final Map<ByteBuffer, SecretKeySpec> runKeys = new HashMap<>();
    private long counter;

    /** @param dataKey 32 octets; stays the caller's, who keeps it open as long as this is used */
    RowCipher(KeyMaterial dataKey, SecureRandom random) {
        this.dataKey = dataKey;
        random.nextBytes(salt);
        runKey = derive(salt);
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is missing from this runtime", e);
        }
    }

    private SecretKeySpec derive(byte[] ofSalt) {
        byte[] octets = dataKey.borrow();
        if (octets == null) {
            throw new IllegalStateException("the data key is closed");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(octets, "HmacSHA256"));
            return new SecretKeySpec(mac.doFinal(ofSalt), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing from this runtime", e);
        } finally {
            dataKey.giveBack();
        }
    }

    byte[] seal(RowFamily family, byte[] rowKey, byte[] plaintext) {
        ByteBuffer nonce = ByteBuffer.allocate(NONCE).putLong(NONCE - COUNTER, counter++);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, runKey, new GCMParameterSpec(TAG_BITS, nonce.array()));
            cipher.updateAAD(family.octets());
            cipher.updateAAD(rowKey);
            byte[] sealed = new byte[SALT + COUNTER + plaintext.length + TAG_BITS / 8];
            System.arraycopy(salt, 0, sealed, 0, SALT);
            System.arraycopy(nonce.array(), NONCE - COUNTER, sealed, SALT, COUNTER);
            cipher.doFinal(plaintext, 0, plaintext.length, sealed, SALT + COUNTER);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a row could not be sealed", e);
        }
    }

    /** @throws DamagedRowException if the row is not what was sealed for this place */
    byte[] open(RowFamily family, byte[] rowKey, byte[] sealed) throws DamagedRowException {
        if (sealed.length < SALT + COUNTER + TAG_BITS / 8) {
            throw new DamagedRowException("row of " + sealed.length + " octets");
        }
        ByteBuffer nonce = ByteBuffer.allocate(NONCE);
        nonce.put(NONCE - COUNTER, sealed, SALT, COUNTER);
        ByteBuffer ofSalt = ByteBuffer.wrap(sealed, 0, SALT).slice();
        try {
            cipher.init(Cipher.DECRYPT_MODE, runKey(ofSalt), new GCMParameterSpec(TAG_BITS, nonce.array()));
            cipher.updateAAD(family.octets());
            cipher.updateAAD(rowKey);
            return cipher.doFinal(sealed, SALT + COUNTER, sealed.length - SALT - COUNTER);
        } catch (GeneralSecurityException e) {
            throw new DamagedRowException("row does not open");
        }
    }

    private SecretKeySpec runKey(ByteBuffer ofSalt) {
        SecretKeySpec known = runKeys.get(ofSalt);
        if (known != null) {
            return known;
        }
        byte[] copy = new byte[SALT];
        ofSalt.duplicate().get(copy);
        SecretKeySpec derived = derive(copy);
        if (runKeys.size() >= MOST_SALTS) {
            runKeys.clear();
        }
        runKeys.put(ByteBuffer.wrap(copy), derived);
        return derived;
    }
}
