// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;

/**
 * One sealed record.
 *
 * @param octets the record, a fresh array
 * @param sa the SA
 * @param spi the SA's SPI
 * @param peer the SA's peer
 * @param identity whom the SA authenticates
 * @param epoch of the record
 * @param sequence number of the record
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record SealedRecord(byte[] octets, SaId sa, Spi spi, Endpoint peer, Identity identity, int epoch, long sequence)
        implements SealResult {}
