// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What M2 carries: {@code version:1 | IV:12 | AEAD(k_Y, IV, TH1, N_S:16 | K:16 | suite:2 | length:1 | CID)}. Owns K.
 *
 * @param nonce N_S, 16 octets
 * @param key K, the key of the session
 * @param suite number of the suite that was chosen
 * @param cid the SPI under which the server wants to be sent records
 */
record Challenge(Octets nonce, KeyMaterial key, int suite, Spi cid) implements AutoCloseable {
    static final int NONCE = 16;
    static final int KEY = 16;

    private static final int FIXED = NONCE + KEY + 2 + 1;
    private static final int MAX_CID = 20;

    /** M2 under this shared secret. */
    Octets sealed(KeyMaterial y, Octets th1, byte[] iv) {
        byte[] session = key.borrow();
        if (session == null) {
            throw new IllegalStateException("a challenge with a closed key");
        }
        byte[] clear = new byte[FIXED + cid.octets().length()];
        try {
            ByteBuffer.wrap(clear)
                    .put(nonce.toArray())
                    .put(session)
                    .putShort((short) suite)
                    .put((byte) cid.octets().length())
                    .put(cid.octets().toArray());
            byte[] sealed = LessCipher.seal(LessCipher.challengeKey(y, th1), iv, th1, clear);
            return Octets.of(ByteBuffer.allocate(1 + iv.length + sealed.length)
                    .put((byte) FirstMessage.VERSION)
                    .put(iv)
                    .put(sealed)
                    .array());
        } finally {
            key.giveBack();
            Arrays.fill(clear, (byte) 0);
        }
    }

    /** Empty for what was not sealed under this shared secret in answer to this M1. */
    static Optional<Challenge> opened(KeyMaterial y, Octets th1, Octets m2) {
        byte[] octets = m2.toArray();
        int head = 1 + LessCipher.NONCE;
        if (octets.length <= head + FIXED + LessCipher.TAG
                || octets.length > head + FIXED + MAX_CID + LessCipher.TAG
                || octets[0] != FirstMessage.VERSION) {
            return Optional.empty();
        }
        byte[] iv = Arrays.copyOfRange(octets, 1, head);
        byte[] sealed = Arrays.copyOfRange(octets, head, octets.length);
        return LessCipher.open(LessCipher.challengeKey(y, th1), iv, th1, sealed).flatMap(Challenge::read);
    }

    private static Optional<Challenge> read(byte[] clear) {
        try {
            ByteBuffer in = ByteBuffer.wrap(clear);
            Octets nonce = Octets.of(clear, 0, NONCE);
            in.position(NONCE + KEY);
            int suite = in.getShort() & 0xffff;
            int length = in.get() & 0xff;
            if (length == 0 || length != in.remaining()) {
                return Optional.empty();
            }
            Spi cid = new Spi(Octets.of(clear, FIXED, length));
            KeyMaterial key = KeyMaterial.adopt(Arrays.copyOfRange(clear, NONCE, NONCE + KEY));
            return Optional.of(new Challenge(nonce, key, suite, cid));
        } catch (SaException e) {
            return Optional.empty(); // a CID that is no SPI: of zeros
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    @Override
    public void close() {
        key.close();
    }
}
