// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * What a key had been used for before its SA was installed. Every installation states one: there is no default, so that
 * no script starts a used key at 0 by omission.
 */
public sealed interface History {
    /** Largest sequence number of a DTLS 1.2 record, 2^48 - 1 (RFC 6347 s4.1). */
    long MAX_SEQUENCE = (1L << 48) - 1;

    /** The key was never used by anybody in this direction. */
    record Fresh() implements History {
        @Override
        public long next() {
            return 0;
        }
    }

    /** The one history without a past. */
    History FRESH = new Fresh();

    /**
     * Outbound: numbers below {@code nextSequence} may have been used.
     *
     * @param nextSequence the first number to use, 0..2^48-1
     */
    record ResumeSending(long nextSequence) implements History {
        public ResumeSending {
            requireSequence(nextSequence);
        }

        @Override
        public long next() {
            return nextSequence;
        }
    }

    /**
     * Inbound: the replay window of the one who used the key before.
     *
     * @param edge highest number accepted, 0..2^48-1
     * @param bitmap bit {@code i} (of octet {@code i / 8}, value {@code 1 << i % 8}) tells whether {@code edge - i} was
     *     seen; numbers beyond the bitmap count as seen
     */
    record ResumeAccepting(long edge, Octets bitmap) implements History {
        public ResumeAccepting {
            requireSequence(edge);
        }

        @Override
        public long next() {
            return edge + 1;
        }
    }

    /** The number that comes next: what is sealed first, or the first beyond everything that counts as seen. */
    long next();

    /** Inbound: everything below {@code nextSequence} counts as seen. */
    static History everythingSeenBelow(long nextSequence) {
        return nextSequence == 0 ? FRESH : new ResumeAccepting(nextSequence - 1, Octets.EMPTY);
    }

    private static void requireSequence(long sequence) {
        if (sequence < 0 || sequence > MAX_SEQUENCE) {
            throw new SaException(
                    SaError.INVALID_SEQUENCE,
                    Long.toString(sequence),
                    "sequence number " + sequence + "; 0..2^48-1 expected");
        }
    }
}
