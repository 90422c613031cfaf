// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * The keys of one direction: write key and fixed IV (RFC 5246 s6.3). Owns both; closing zeroes both.
 *
 * <p>The IV counts as secret: with it a nonce is known, and CHACHA20_POLY1305 keeps its nonces off the wire.
 */
public final class TrafficKeys implements AutoCloseable {
    private final KeyMaterial key;
    private final KeyMaterial iv;

    /** Takes over both. */
    public TrafficKeys(KeyMaterial key, KeyMaterial iv) {
        this.key = key;
        this.iv = iv;
    }

    /**
     * Refuses keys that are not of the lengths of the algorithm.
     *
     * @throws SaException {@link SaError#INVALID_KEY}, naming lengths and never octets
     */
    public void requireFor(CipherSuite suite) {
        AeadAlgorithm aead = suite.aead();
        require("key", key.length(), aead.keyLength(), suite);
        require("IV", iv.length(), aead.ivLength(), suite);
    }

    private static void require(String what, int length, int expected, CipherSuite suite) {
        if (length != expected) {
            throw new SaException(
                    SaError.INVALID_KEY,
                    length + " octets",
                    what + " of " + length + " octets; " + suite + " needs " + expected);
        }
    }

    /** The write key. */
    public KeyMaterial key() {
        return key;
    }

    /** The fixed IV. */
    public KeyMaterial iv() {
        return iv;
    }

    @Override
    public void close() {
        key.close();
        iv.close();
    }

    @Override
    public String toString() {
        return "TrafficKeys[" + key.length() + " and " + iv.length() + " octets]";
    }
}
