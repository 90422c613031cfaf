// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.util.Optional;

/** What the SADB may ask the record engine: how far an SA has been used. */
@FunctionalInterface
public interface UsageView {
    /** The usage of an SA that is installed; empty for any other. */
    Optional<Usage> usage(SaId id);
}
