// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.kmp.kdf.Hkdf;
import dev.samd.kmp.kdf.HkdfHash;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADBlockCipher;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The cryptography of the exchange: AES-128-CCM with a nonce of 12 octets and a tag of 16, a key for each message from
 * HKDF-SHA-256, and the transcript that binds each message to all before it.
 */
final class LessCipher {
    /** Octets of a tag. */
    static final int TAG = 16;
    /** Octets of a nonce. */
    static final int NONCE = 12;

    private static final Octets SALT = Octets.of("samd/less/v1".getBytes(StandardCharsets.US_ASCII));
    private static final Octets CHALLENGE = Octets.of("challenge".getBytes(StandardCharsets.US_ASCII));
    private static final Octets TO_SERVER = Octets.of("c2s".getBytes(StandardCharsets.US_ASCII));
    private static final Octets TO_CLIENT = Octets.of("s2c".getBytes(StandardCharsets.US_ASCII));
    private static final int KEY = 16;

    /** M3 and M4 have a key each that seals nothing else. */
    private static final byte[] ZERO = new byte[NONCE];

    private LessCipher() {}

    /** TH1 of the first message, and each further TH of the one before and its message. */
    static Octets transcript(Octets before, Octets message) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(before.toArray());
            return Octets.of(digest.digest(message.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }

    /** The key of the challenge, from the shared secret Y. */
    static KeyMaterial challengeKey(KeyMaterial y, Octets th1) {
        return key(y, CHALLENGE, th1);
    }

    /** The key of the client's response, from the session key K. */
    static KeyMaterial clientKey(KeyMaterial k, Octets th2) {
        return key(k, TO_SERVER, th2);
    }

    /** The key of the server's response, from the session key K. */
    static KeyMaterial serverKey(KeyMaterial k, Octets th3) {
        return key(k, TO_CLIENT, th3);
    }

    private static KeyMaterial key(KeyMaterial secret, Octets label, Octets transcript) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes(label.toArray());
        info.writeBytes(transcript.toArray());
        try (KeyMaterial prk = Hkdf.extract(HkdfHash.SHA256, SALT, secret)) {
            return KeyMaterial.adopt(Hkdf.expand(HkdfHash.SHA256, prk, Octets.of(info.toByteArray()), KEY));
        }
    }

    /** Seals with a key that is closed then. */
    static byte[] seal(KeyMaterial key, byte[] nonce, Octets aad, byte[] plaintext) {
        return run(true, key, nonce, aad, plaintext)
                .orElseThrow(() -> new IllegalStateException("sealing a message of LESS failed"));
    }

    /** The same under the nonce of zeros, for a key that seals one message. */
    static byte[] seal(KeyMaterial key, Octets aad, byte[] plaintext) {
        return seal(key, ZERO, aad, plaintext);
    }

    /** The plaintext, or empty if the tag does not verify. The key is closed then. */
    static Optional<byte[]> open(KeyMaterial key, byte[] nonce, Octets aad, byte[] ciphertext) {
        return run(false, key, nonce, aad, ciphertext);
    }

    /** The same under the nonce of zeros. */
    static Optional<byte[]> open(KeyMaterial key, Octets aad, byte[] ciphertext) {
        return open(key, ZERO, aad, ciphertext);
    }

    private static Optional<byte[]> run(boolean seal, KeyMaterial key, byte[] nonce, Octets aad, byte[] input) {
        byte[] octets = key.borrow();
        if (octets == null) {
            throw new IllegalStateException("use of a closed key");
        }
        try {
            AEADBlockCipher cipher = CCMBlockCipher.newInstance(AESEngine.newInstance());
            cipher.init(seal, new AEADParameters(new KeyParameter(octets), 8 * TAG, nonce, aad.toArray()));
            byte[] output = new byte[cipher.getOutputSize(input.length)];
            int done = cipher.processBytes(input, 0, input.length, output, 0);
            cipher.doFinal(output, done);
            return Optional.of(output);
        } catch (InvalidCipherTextException e) {
            return Optional.empty();
        } finally {
            key.giveBack();
            key.close();
        }
    }
}
