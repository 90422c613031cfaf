// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import java.util.List;

/**
 * Two SAs that were installed in one step.
 *
 * @param pair the pair
 * @param inbound its inbound SA
 * @param outbound its outbound SA
 * @param scope the peers the outbound SA may be used for
 */
public record InstalledPair(PairId pair, SaId inbound, SaId outbound, List<Endpoint> scope) {
    public InstalledPair {
        scope = List.copyOf(scope);
    }
}
