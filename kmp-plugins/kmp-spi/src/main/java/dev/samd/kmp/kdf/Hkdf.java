// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/** HKDF over the JDK's HMAC (RFC 5869). */
public final class Hkdf {
    private Hkdf() {}

    /**
     * HKDF-Extract (RFC 5869 s2.2).
     *
     * @param salt may be empty, which stands for as many zeros as the hash has octets
     * @param ikm the secret to start from, which stays the caller's
     * @return the pseudorandom key, of the hash's length, owned by the caller
     * @throws IllegalStateException if {@code ikm} is closed
     */
    public static KeyMaterial extract(HkdfHash hash, Octets salt, KeyMaterial ikm) {
        byte[] key = salt.isEmpty() ? new byte[hash.length()] : salt.toArray();
        return KeyMaterial.adopt(withOctets(ikm, secret -> mac(hash, key).doFinal(secret)));
    }

    /**
     * HKDF-Expand (RFC 5869 s2.3).
     *
     * @param prk a pseudorandom key, which stays the caller's
     * @param length octets wanted, 1..255 times those of the hash
     * @return a fresh array, owned by the caller
     * @throws IllegalStateException if {@code prk} is closed
     */
    public static byte[] expand(HkdfHash hash, KeyMaterial prk, Octets info, int length) {
        if (length < 1 || length > 255 * hash.length()) {
            throw new IllegalArgumentException("HKDF-Expand to " + length + " octets; 1.." + 255 * hash.length());
        }
        return withOctets(prk, key -> expand(mac(hash, key), info, length));
    }

    private static byte[] expand(Mac mac, Octets info, int length) {
        byte[] okm = new byte[length];
        byte[] block = new byte[mac.getMacLength()];
        byte[] label = info.toArray();
        int done = 0;
        try {
            for (int i = 1; done < length; i++) {
                if (i > 1) {
                    mac.update(block);
                }
                mac.update(label);
                mac.update((byte) i);
                mac.doFinal(block, 0);
                int step = Math.min(block.length, length - done);
                System.arraycopy(block, 0, okm, done, step);
                done += step;
            }
            return okm;
        } catch (ShortBufferException e) {
            throw new IllegalStateException("an HMAC longer than it says", e);
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }

    private interface Borrower {
        byte[] use(byte[] octets);
    }

    private static byte[] withOctets(KeyMaterial secret, Borrower borrower) {
        byte[] octets = secret.borrow();
        if (octets == null) {
            throw new IllegalStateException("key derivation from a closed secret");
        }
        try {
            return borrower.use(octets);
        } finally {
            secret.giveBack();
        }
    }

    private static Mac mac(HkdfHash hash, byte[] key) {
        try {
            Mac mac = Mac.getInstance(hash.mac());
            mac.init(new SecretKeySpec(key, hash.mac()));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + hash.mac(), e);
        }
    }
}
