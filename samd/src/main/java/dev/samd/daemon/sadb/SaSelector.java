// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;

/** Names one SA. An SPI alone names inbound SAs only: outbound ones are chosen by peers, and two may choose the same. */
public sealed interface SaSelector {
    /** The daemon's own name. */
    record ById(SaId id) implements SaSelector {
        @Override
        public String toString() {
            return "SA " + id;
        }
    }

    /** The inbound SA of an SPI. */
    record Inbound(Spi spi) implements SaSelector {
        @Override
        public String toString() {
            return "inbound SPI " + spi;
        }
    }

    /** The outbound SA of a peer and an SPI. */
    record Outbound(Endpoint peer, Spi spi) implements SaSelector {
        @Override
        public String toString() {
            return "outbound SPI " + spi + " of " + peer;
        }
    }
}
