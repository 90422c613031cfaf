// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Need;
import dev.samd.kmp.PairEvent;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The daemon, as a driver needs it. No method waits; stages complete on any thread. A stage that fails with
 * {@link SaException} was refused; with anything else the daemon was not reached, or its answer was lost.
 */
public interface KeyManagement {
    /**
     * Registers a KMP for as long as the registration lives.
     *
     * @param listener is told what the daemon says, on any thread, one call at a time
     */
    Registration register(String kmp, List<String> resources, Listener listener);

    /** GETSPI. */
    CompletionStage<Spi> reserveSpi(AcquireClaim claim, Endpoint peer, Endpoint local);

    /**
     * InstallPair.
     *
     * @param requestId the same id with the same pair again gives the first answer
     * @param pair stays the caller's to close, after the stage is complete
     */
    CompletionStage<PairId> install(AcquireClaim claim, Octets requestId, KeyedPair pair);

    /** DELETE of both SAs of a pair that the KMP installed, unless it is confirmed, or is no more: then nothing happens. */
    CompletionStage<Void> deleteUnconfirmed(String kmp, PairId pair);

    /** A negative ACQUIRE. */
    CompletionStage<Void> failAcquire(AcquireClaim claim, int errno, String reason);

    /** The pairs that the KMP installed under this principal. */
    CompletionStage<List<InstalledPair>> recall(String kmp);

    /**
     * The pair under which a principal opened a record.
     *
     * @param kmp gets back what it gave along, if it installed the pair
     */
    CompletionStage<InstalledPair> resolve(String kmp, String principal, Octets reference);

    /** A standing registration. After its end nothing that is said here goes anywhere. */
    interface Registration extends AutoCloseable {
        void accept(int sequence);

        void decline(int sequence, String reason);

        void progress(int sequence, String step);

        /** Unregisters. */
        @Override
        void close();
    }

    /** What the daemon says to a registered KMP. */
    interface Listener {
        /** The registration stands. May come again. */
        void registered();

        /** SAs are needed: accept within 5 s, or decline. */
        void acquire(Need need);

        void claimed(int sequence, Octets claim);

        /** The acquire is not this KMP's any more. */
        void withdrawn(int sequence, String reason);

        void happened(PairEvent event);

        /** The registration is over, or never came to be. The last call. */
        void ended(String reason);
    }
}
