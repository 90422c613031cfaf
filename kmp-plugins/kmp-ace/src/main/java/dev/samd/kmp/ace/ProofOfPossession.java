// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.kmp.kdf.Hkdf;
import dev.samd.kmp.kdf.HkdfHash;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tag (dr_pop) that shows that the sender of a post holds the key of its token. Without it, whoever has seen a token could
 * post it with nonces of his own and push the owner's unconfirmed pairs out again and again.
 *
 * <pre>
 * pop key = HKDF-Expand( HKDF-Extract(h'', K_pop), "samd/dtls-record/v1 post", 32 )
 * dr_pop  = first 8 octets of HMAC-SHA-256( pop key, everything before them )
 * </pre>
 */
final class ProofOfPossession {
    /** Octets of the tag. */
    static final int LENGTH = 8;

    private static final Octets LABEL = Octets.of("samd/dtls-record/v1 post".getBytes(StandardCharsets.US_ASCII));

    private ProofOfPossession() {}

    /** The tag over all octets of a post that stand before it. */
    static Octets over(KeyMaterial popKey, byte[] before) {
        try (KeyMaterial prk = Hkdf.extract(HkdfHash.SHA256, Octets.EMPTY, popKey);
                KeyMaterial key = KeyMaterial.adopt(Hkdf.expand(HkdfHash.SHA256, prk, LABEL, 32))) {
            byte[] tag = Borrowed.from(key, octets -> hmac(octets, before));
            return Octets.of(tag, 0, LENGTH);
        }
    }

    /** Whether the tag is that of the octets, in time that tells nothing of where it differs. */
    static boolean verifies(KeyMaterial popKey, byte[] before, Octets tag) {
        return MessageDigest.isEqual(over(popKey, before).toArray(), tag.toArray());
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no HmacSHA256", e);
        }
    }
}
