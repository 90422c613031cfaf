// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.SaId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Values of the Echo option (RFC 9175 s2.2) that prove when the one who brings them back had them at the earliest. Nothing is
 * kept for them.
 *
 * <p>{@code time:8 | tag:8}, where the time is in nanoseconds of this daemon's run and the tag is over the time and the SA. The
 * key has to be of the same run: after it, the clock begins elsewhere.
 */
final class EchoCodec {
    /** Octets of a value. */
    static final int LENGTH = 16;

    private static final int TIME_LENGTH = 8;
    private static final byte[] LABEL = {'e', 'c', 'h', 'o'};

    private final ThreadLocal<Mac> mac;

    /**
     * @param key 16 or 32 octets, used under a label of its own; stays the caller's
     */
    EchoCodec(KeyMaterial key) {
        mac = ThreadLocal.withInitial(() -> mac(key));
    }

    private static Mac mac(KeyMaterial key) {
        byte[] octets = key.borrow();
        if (octets == null) {
            throw new IllegalStateException("the reference key is closed");
        }
        try {
            Mac derive = Mac.getInstance("HmacSHA256");
            derive.init(new SecretKeySpec(octets, "HmacSHA256"));
            Mac made = Mac.getInstance("HmacSHA256");
            made.init(new SecretKeySpec(derive.doFinal(LABEL), "HmacSHA256"));
            return made;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is missing from this runtime", e);
        } finally {
            key.giveBack();
        }
    }

    /** A value for the peer of an SA, as of now. */
    byte[] challenge(SaId sa, long nowNanos) {
        byte[] value = ByteBuffer.allocate(LENGTH).putLong(nowNanos).array();
        System.arraycopy(tag(value, sa), 0, value, TIME_LENGTH, LENGTH - TIME_LENGTH);
        return value;
    }

    /** Whether a value was given to the peer of this SA, and not longer ago than that. */
    boolean isFresh(byte[] value, SaId sa, long nowNanos, long maxAgeNanos) {
        if (value.length != LENGTH
                || !MessageDigest.isEqual(tag(value, sa), Arrays.copyOfRange(value, TIME_LENGTH, LENGTH))) {
            return false;
        }
        long age = nowNanos - ByteBuffer.wrap(value).getLong();
        return age >= 0 && age <= maxAgeNanos;
    }

    private byte[] tag(byte[] value, SaId sa) {
        Mac made = mac.get();
        made.update(value, 0, TIME_LENGTH);
        made.update(ByteBuffer.allocate(Long.BYTES).putLong(sa.value()).array());
        return Arrays.copyOf(made.doFinal(), LENGTH - TIME_LENGTH);
    }
}
