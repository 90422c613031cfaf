// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.ClientHello;

/**
 * Cookies without memory (RFC 6347 s4.2.1): whoever brings one back has been answered at its address with this very hello. A
 * cookie is good for five to ten minutes.
 */
final class Cookies {
    private static final String HMAC = "HmacSHA256";
    private static final int KEY = 32;
    private static final Duration PERIOD = Duration.ofMinutes(5);

    private final KeyMaterial secret;

    Cookies(RandomGenerator random) {
        byte[] key = new byte[KEY];
        random.nextBytes(key);
        this.secret = KeyMaterial.adopt(key);
    }

    /** The cookie of a hello from this source, "192.0.2.1:5683". */
    Octets of(Instant now, String source, ClientHello hello) {
        return Octets.of(cookie(period(now), source, hello));
    }

    /** Whether a hello carries the cookie that it was given. */
    boolean accepts(Instant now, String source, ClientHello hello) {
        byte[] shown = hello.getCookie();
        long period = period(now);
        boolean young = MessageDigest.isEqual(shown, cookie(period, source, hello));
        return MessageDigest.isEqual(shown, cookie(period - 1, source, hello)) || young;
    }

    private static long period(Instant now) {
        return now.getEpochSecond() / PERIOD.toSeconds();
    }

    private byte[] cookie(long period, String source, ClientHello hello) {
        byte[] key = secret.borrow();
        if (key == null) {
            throw new IllegalStateException("cookies of a closed secret");
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(period).array());
            // The port may change on the way, at a hop that translates addresses.
            String host = source.substring(0, Math.max(0, source.lastIndexOf(':')));
            mac.update(host.getBytes(StandardCharsets.UTF_8));
            hello.updateForCookie(mac);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + HMAC, e);
        } finally {
            secret.giveBack();
        }
    }
}
