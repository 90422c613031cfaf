// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.sa.PairId;
import dev.samd.sa.SaParameters;

/**
 * A pair of this KMP that stands in the daemon. Owns the secret.
 *
 * @param supersedes the pair that it replaces when it is confirmed
 */
record LivePair(
        PairId id,
        SaParameters inbound,
        SaParameters outbound,
        boolean confirmed,
        PairId supersedes,
        PairSecret secret) {
    LivePair confirmedNow() {
        return new LivePair(id, inbound, outbound, true, supersedes, secret);
    }
}
