// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.time.Duration;

/** What one step has to tell to somebody in particular: to a KMP, or to the calls that wait for an ACQUIRE. */
public sealed interface Notice {
    /** To one KMP, by the number of its registration. */
    sealed interface ToKmp extends Notice {
        /** The number of the registration. */
        long kmp();

        /** The number of the ACQUIRE. */
        long sequence();
    }

    /**
     * SAs are needed.
     *
     * @param patience how long the whole may take
     */
    record Offered(long kmp, long sequence, Need need, Duration patience) implements ToKmp {}

    /** The ACQUIRE is the KMP's, and this proves it. */
    record Claimed(long kmp, long sequence, Octets claim) implements ToKmp {
        @Override
        public String toString() {
            return "Claimed[kmp=" + kmp + ", sequence=" + sequence + "]";
        }
    }

    /** The ACQUIRE is not the KMP's any more. */
    record Withdrawn(long kmp, long sequence, String reason) implements ToKmp {}

    /**
     * The calls that wait may try again.
     *
     * @param need the number that they got when they began to wait
     */
    record Released(long need) implements Notice {}

    /**
     * The calls that wait wait in vain.
     *
     * @param need the number that they got when they began to wait
     */
    record Refused(long need, SaException why) implements Notice {}
}
