// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;

/** Names one SA. An SPI alone names inbound SAs only: those of outbound SAs are chosen by peers. */
public sealed interface SaSelector {
    /** By the daemon's own name of it. */
    record ById(SaId id) implements SaSelector {}

    /** An inbound SA. */
    record Inbound(Spi spi) implements SaSelector {}

    /** An outbound SA. */
    record Outbound(Endpoint peer, Spi spi) implements SaSelector {}
}
