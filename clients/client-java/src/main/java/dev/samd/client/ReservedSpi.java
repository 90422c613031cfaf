// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaId;
import dev.samd.sa.Spi;

/**
 * An inbound SPI that is reserved as a LARVAL SA.
 *
 * @param id the SA to complete
 * @param spi the SPI to tell the peer
 */
public record ReservedSpi(SaId id, Spi spi) {}
