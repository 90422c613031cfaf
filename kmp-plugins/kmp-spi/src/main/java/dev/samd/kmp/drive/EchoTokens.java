// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.sa.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Echo values that need no memory (RFC 9175 appendix A, 2): {@code seconds:4 | MAC:8}, the MAC over the sender's address and
 * the time. The key lives as long as this object.
 */
final class EchoTokens {
    private static final int MAC_LENGTH = 8;
    private static final int LENGTH = 4 + MAC_LENGTH;
    private static final int WINDOW_SECONDS = 60;

    private final SecretKeySpec key;

    EchoTokens(RandomGenerator random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    Octets token(String host, Instant now) {
        int seconds = (int) now.getEpochSecond();
        return Octets.of(ByteBuffer.allocate(LENGTH)
                .putInt(seconds)
                .put(mac(host, seconds), 0, MAC_LENGTH)
                .array());
    }

    /** Whether this was given to that address within the window. */
    boolean accepts(Octets token, String host, Instant now) {
        if (token.length() != LENGTH) {
            return false;
        }
        int seconds = ByteBuffer.wrap(token.toArray()).getInt();
        int age = (int) now.getEpochSecond() - seconds;
        return age >= 0
                && age <= WINDOW_SECONDS
                && MessageDigest.isEqual(
                        token.toArray(),
                        ByteBuffer.allocate(LENGTH)
                                .putInt(seconds)
                                .put(mac(host, seconds), 0, MAC_LENGTH)
                                .array());
    }

    private byte[] mac(String host, int seconds) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(ByteBuffer.allocate(4).putInt(seconds).array());
            return mac.doFinal(host.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }
}
