// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;

/**
 * One record that may leave.
 *
 * @param record the record
 * @param sa the SA that sealed it
 * @param spi its SPI
 * @param peer whom it is sealed for
 * @param identity whom the SA authenticates
 * @param epoch of the record
 * @param sequence number of the record
 */
public record SealedRecord(
        Octets record, SaId sa, Spi spi, Endpoint peer, Identity identity, int epoch, long sequence) {}
