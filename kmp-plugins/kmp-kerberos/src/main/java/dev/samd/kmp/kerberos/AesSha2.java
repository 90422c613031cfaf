// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens what is sealed under the encryption types of RFC 8009. The JDK has them and lends them to nobody; Kerby, which opens
 * the older ones, does not have them.
 */
enum AesSha2 {
    /** aes128-cts-hmac-sha256-128. */
    AES128(19, "HmacSHA256", 16, 16, 16),
    /** aes256-cts-hmac-sha384-192. */
    AES256(20, "HmacSHA384", 32, 24, 24);

    /** Octets before the plaintext that nobody reads. */
    private static final int CONFOUNDER = 16;

    private final int type;
    private final String mac;
    private final int sealLength;
    private final int macKeyLength;
    private final int tagLength;

    AesSha2(int type, String mac, int sealLength, int macKeyLength, int tagLength) {
        this.type = type;
        this.mac = mac;
        this.sealLength = sealLength;
        this.macKeyLength = macKeyLength;
        this.tagLength = tagLength;
    }

    /** The one of a number of an encryption type; empty for those of other documents. */
    static Optional<AesSha2> of(int type) {
        return Arrays.stream(values()).filter(one -> one.type == type).findFirst();
    }

    /**
     * Opens one message: {@code AES-CTS(Ke, confounder:16 | plaintext) | HMAC(Ki, 0:16 | the former), shortened} (RFC 8009 s5).
     *
     * @param key the base key; 16 or 32 octets
     * @param usage number of the purpose (RFC 4120 s7.5.1)
     * @return the plaintext; empty if it was sealed under another key or changed
     */
    Optional<byte[]> open(byte[] key, int usage, byte[] sealed) throws GeneralSecurityException {
        int length = sealed.length - tagLength;
        if (length < CONFOUNDER) {
            return Optional.empty();
        }
        byte[] zero = new byte[CONFOUNDER];
        Mac check = mac(derived(key, usage, 0x55, macKeyLength));
        check.update(zero);
        check.update(sealed, 0, length);
        byte[] tag = Arrays.copyOf(check.doFinal(), tagLength);
        if (!MessageDigest.isEqual(tag, Arrays.copyOfRange(sealed, length, sealed.length))) {
            return Optional.empty();
        }
        byte[] ke = derived(key, usage, 0xaa, sealLength);
        byte[] clear = new byte[0];
        try {
            Cipher aes = Cipher.getInstance("AES/CTS/NoPadding");
            aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(ke, "AES"), new IvParameterSpec(zero));
            clear = aes.doFinal(sealed, 0, length);
            return Optional.of(Arrays.copyOfRange(clear, CONFOUNDER, clear.length));
        } finally {
            Arrays.fill(ke, (byte) 0);
            Arrays.fill(clear, (byte) 0);
        }
    }

    /** KDF-HMAC-SHA2(key, usage | purpose, length), RFC 8009 s3: one block is enough for every length here. */
    private byte[] derived(byte[] key, int usage, int purpose, int length) throws GeneralSecurityException {
        byte[] block = mac(key).doFinal(ByteBuffer.allocate(4 + 5 + 1 + 4)
                .putInt(1)
                .putInt(usage)
                .put((byte) purpose)
                .put((byte) 0)
                .putInt(8 * length)
                .array());
        return Arrays.copyOf(block, length);
    }

    private Mac mac(byte[] key) throws GeneralSecurityException {
        Mac hmac = Mac.getInstance(mac);
        hmac.init(new SecretKeySpec(key, mac));
        return hmac;
    }
}
