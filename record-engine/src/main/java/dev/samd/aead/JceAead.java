// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * An AEAD that the JDK has: AES-GCM (NIST SP 800-38D) and CHACHA20_POLY1305 (RFC 8439), with tags of 16 octets.
 *
 * <p>A thread has one cipher for sealing and one for opening. The JDK wants an {@code init} per nonce anyway, so a change
 * of key costs nothing more.
 */
final class JceAead implements Aead {
    private static final int TAG_LENGTH = 16;

    private final String transformation;
    private final String keyAlgorithm;
    private final Function<byte[], AlgorithmParameterSpec> nonceParameter;
    private final ThreadLocal<Cipher> sealing = ThreadLocal.withInitial(this::newCipher);
    private final ThreadLocal<Cipher> opening = ThreadLocal.withInitial(this::newCipher);

    private JceAead(
            String transformation, String keyAlgorithm, Function<byte[], AlgorithmParameterSpec> nonceParameter) {
        this.transformation = transformation;
        this.keyAlgorithm = keyAlgorithm;
        this.nonceParameter = nonceParameter;
    }

    static JceAead gcm() {
        return new JceAead("AES/GCM/NoPadding", "AES", nonce -> new GCMParameterSpec(8 * TAG_LENGTH, nonce));
    }

    static JceAead chaCha20Poly1305() {
        return new JceAead("ChaCha20-Poly1305", "ChaCha20", IvParameterSpec::new);
    }

    @Override
    public int tagLength() {
        return TAG_LENGTH;
    }

    @Override
    public void seal(byte[] key, byte[] nonce, byte[] additionalData, byte[] octets, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, octets.length - TAG_LENGTH);
        Cipher cipher = sealing.get();
        try {
            init(cipher, Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(additionalData);
            cipher.doFinal(octets, offset, length, octets, offset);
        } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException(
                    transformation + " refuses a key of " + key.length + " octets with a nonce of " + nonce.length, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(transformation + " over " + length + " octets", e);
        }
    }

    @Override
    public boolean open(
            byte[] key, byte[] nonce, byte[] additionalData, byte[] sealed, int offset, int length, byte[] plaintext) {
        Objects.checkFromIndexSize(offset, length, sealed.length);
        int plainLength = length - TAG_LENGTH;
        if (plainLength < 0) {
            return false;
        }
        Objects.checkFromIndexSize(0, plainLength, plaintext.length);
        try {
            Cipher cipher = forOpening(key, nonce);
            cipher.updateAAD(additionalData);
            cipher.doFinal(sealed, offset, length, plaintext, 0);
            return true;
        } catch (AEADBadTagException e) {
            Arrays.fill(plaintext, 0, plainLength, (byte) 0);
            return false;
        } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
            throw new IllegalArgumentException(
                    transformation + " refuses a key of " + key.length + " octets with a nonce of " + nonce.length, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(transformation + " over " + length + " octets", e);
        }
    }

    /**
     * A cipher ready to open. The JDK's ChaCha20 refuses to start twice in a row from the same key and nonce, even to open;
     * whoever replays or forges a number asks for just that, so such a call gets a cipher without a past.
     */
    private Cipher forOpening(byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = opening.get();
        try {
            init(cipher, Cipher.DECRYPT_MODE, key, nonce);
            return cipher;
        } catch (InvalidKeyException e) {
            Cipher fresh = newCipher();
            init(fresh, Cipher.DECRYPT_MODE, key, nonce);
            opening.set(fresh);
            return fresh;
        }
    }

    private void init(Cipher cipher, int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        cipher.init(mode, new SecretKeySpec(key, keyAlgorithm), nonceParameter.apply(nonce));
    }

    private Cipher newCipher() {
        try {
            return Cipher.getInstance(transformation);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform has no " + transformation, e);
        }
    }
}
