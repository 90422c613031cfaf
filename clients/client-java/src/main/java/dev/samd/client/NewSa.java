// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;

/**
 * An SA to install.
 *
 * @param parameters what may be known
 * @param keys what must not; they stay the caller's to close, and must be used for nothing else
 * @param pairName name of the pair that it forms with another one of the same principal, or the empty string
 * @param requestId makes the installation repeatable, 1..64 octets, or empty for a call that is not repeated
 */
public record NewSa(SaParameters parameters, TrafficKeys keys, String pairName, Octets requestId) {
    /** An SA without a pair. */
    public static NewSa of(SaParameters parameters, TrafficKeys keys) {
        return new NewSa(parameters, keys, "", Octets.EMPTY);
    }

    /** The same SA in a pair. */
    public NewSa withPairName(String name) {
        return new NewSa(parameters, keys, name, requestId);
    }

    /** The same SA under a request id. */
    public NewSa withRequestId(Octets id) {
        return new NewSa(parameters, keys, pairName, id);
    }
}
