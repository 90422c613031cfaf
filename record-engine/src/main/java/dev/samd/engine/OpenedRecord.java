// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.PairId;
import dev.samd.sa.Rights;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.util.Set;

/**
 * The plaintext of one record.
 *
 * @param plaintext the octets, a fresh array
 * @param alert whether the octets are a DTLS alert (RFC 5246 s7.2) instead of application data
 * @param sa the SA
 * @param spi the SA's SPI
 * @param pair the SA's pair
 * @param peer the SA's peer
 * @param identity whom the SA authenticates
 * @param scope the peers that the SA may be used for
 * @param rights what the peer's credential allows
 * @param epoch of the record
 * @param sequence number of the record
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record OpenedRecord(
        byte[] plaintext,
        boolean alert,
        SaId sa,
        Spi spi,
        PairId pair,
        Endpoint peer,
        Identity identity,
        Set<Endpoint> scope,
        Rights rights,
        int epoch,
        long sequence)
        implements OpenResult {}
