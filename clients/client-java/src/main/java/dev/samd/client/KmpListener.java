// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;

/** What the daemon says to a registered KMP. Called on the connection's thread, one call at a time: must not wait. */
public interface KmpListener {
    /** The registration stands; comes again when the algorithms change. */
    void onSupported(KmpSupport support);

    /** SAs are needed: accept within 5 s, or decline. */
    void onAcquire(AcquireRequest acquire);

    /** The acquire is this KMP's: the claim goes into every call that answers it. */
    void onClaim(int sequence, Octets claim);

    /** The acquire is not this KMP's any more: stop. */
    void onWithdrawn(int sequence, String reason);

    /** Something happened to an SA that this KMP installed. */
    void onEvent(WatchItem.Event event);

    /**
     * The registration is over, or never came to be. The last call; none comes after {@link KmpSession#close}.
     *
     * @param failure {@link dev.samd.sa.SaException} for a refusal, else {@link SamdUnavailableException}
     */
    void onEnd(RuntimeException failure);
}
