// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One need that is open: at which KMP it is, and since when. Confined to its database's thread. */
final class Acquire {
    /** Names it for those who wait, for as long as it is open. */
    final long number;

    /** What is needed. Its key stays; the rest changes where other policies want something else. */
    Need need;
    /** The SAs made in answer to it so far, LARVAL ones too. */
    final Set<SaId> made = new LinkedHashSet<>();
    /** As KMPs see it; another one after it was withdrawn. */
    long sequence;
    /** The KMP that it is offered to, or that works on it. */
    KmpRegistry.Registered kmp;
    /** Proof of the KMP that accepted it; empty while none has. */
    Octets claim = Octets.EMPTY;
    /** When it was accepted. */
    long claimedNanos;
    /** When something has to have happened. Changed by the table alone, which keeps an order by it. */
    long deadline;
    /** Why the KMP is to be done with it at the deadline; null if it only runs out of time. */
    @Nullable
    String verdict;
    /** Position of the next KMP to ask. */
    int next;
    /** Calls that wait. */
    int waiting;

    Acquire(long number, Need need, KmpRegistry.Registered first) {
        this.number = number;
        this.need = need;
        this.kmp = first;
    }

    boolean isClaimed() {
        return !claim.isEmpty();
    }

    AcquireView view(AcquireView.State state, String reason) {
        return new AcquireView(
                sequence,
                need.target(),
                need.local(),
                kmp.name(),
                state,
                reason,
                waiting,
                need.replaces(),
                need.policy());
    }
}
