// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaException;
import java.util.List;
import java.util.Optional;

/**
 * What would come of a call that needs SAs.
 *
 * @param open the ACQUIRE that it would join; empty while there is none
 * @param kmps the KMPs that would be asked, in order: those of the policy that are registered
 * @param refusal why nobody would be asked
 */
public record Outlook(Optional<AcquireView> open, List<String> kmps, Optional<SaException> refusal) {
    public Outlook {
        kmps = List.copyOf(kmps);
    }
}
