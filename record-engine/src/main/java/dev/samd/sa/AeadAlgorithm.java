// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * The AEAD algorithms of a record, with their shapes in DTLS 1.2 and their usage limits per key.
 *
 * <p>Limits: q counts records protected, v counts openings that failed (RFC 9147 s4.5.3 and appendix B). CCM with an
 * octet-8 tag has a v of its own: a hard stop at 2^7 would let 6 kB of forged traffic end an SA, so its openings are
 * throttled before they are counted and the limit is 2^14 (advantage at most 2^-50).
 */
public enum AeadAlgorithm {
    /** RFC 6655. */
    AES_128_CCM_8(16, 4, 8, 8, 1L << 22, 1L << 23, 1L << 13, 1L << 14),
    /** RFC 6655. */
    AES_256_CCM_8(32, 4, 8, 8, 1L << 22, 1L << 23, 1L << 13, 1L << 14),
    /** RFC 6655. */
    AES_128_CCM(16, 4, 8, 16, 1L << 22, 1L << 23, 1L << 22, 1L << 23),
    /** RFC 6655. */
    AES_256_CCM(32, 4, 8, 16, 1L << 22, 1L << 23, 1L << 22, 1L << 23),
    /** RFC 5288. */
    AES_128_GCM(16, 4, 8, 16, 1L << 23, 1L << 24, 1L << 35, 1L << 36),
    /** RFC 5288. */
    AES_256_GCM(32, 4, 8, 16, 1L << 23, 1L << 24, 1L << 35, 1L << 36),
    /** RFC 7905. */
    CHACHA20_POLY1305(32, 12, 0, 16, 1L << 47, (1L << 48) - 1, 1L << 35, 1L << 36);

    /** Length of every nonce, in octets. */
    public static final int NONCE_LENGTH = 12;

    private final int keyLength;
    private final int ivLength;
    private final int explicitNonceLength;
    private final int tagLength;

    @SuppressWarnings("ImmutableEnumChecker") // a record of records of durations and numbers
    private final Lifetime lifetime;

    AeadAlgorithm(
            int keyLength,
            int ivLength,
            int explicitNonceLength,
            int tagLength,
            long softRecords,
            long hardRecords,
            long softFailedOpenings,
            long hardFailedOpenings) {
        this.keyLength = keyLength;
        this.ivLength = ivLength;
        this.explicitNonceLength = explicitNonceLength;
        this.tagLength = tagLength;
        this.lifetime = new Lifetime(
                Limits.NONE.withRecords(softRecords).withFailedOpenings(softFailedOpenings),
                Limits.NONE.withRecords(hardRecords).withFailedOpenings(hardFailedOpenings));
    }

    /** Length of the key in octets. */
    public int keyLength() {
        return keyLength;
    }

    /** Length of the fixed IV that the key block gives, in octets. */
    public int ivLength() {
        return ivLength;
    }

    /** Octets of nonce that travel in the record: 8, or 0 where the nonce follows from the header. */
    public int explicitNonceLength() {
        return explicitNonceLength;
    }

    /** Length of the tag in octets. */
    public int tagLength() {
        return tagLength;
    }

    /** Octets that a record of this algorithm is longer than its plaintext, header not counted. */
    public int overhead() {
        return explicitNonceLength + tagLength;
    }

    /** The limits of a key at which its KMP is asked for another one. */
    public Limits softLimits() {
        return lifetime.soft();
    }

    /** The limits of a key that nobody may raise. */
    public Limits hardLimits() {
        return lifetime.hard();
    }

    /** Both kinds of limits. */
    public Lifetime lifetime() {
        return lifetime;
    }
}
