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
 * The original of a protected message.
 *
 * @param coap the message, a fresh array
 * @param reference names its record, for the responses
 * @param observeOrder orders the notifications of one observation, across re-keys too
 * @param sa the SA
 * @param spi the SA's SPI
 * @param pair the SA's pair
 * @param peer the SA's peer
 * @param identity whom the SA authenticates
 * @param scope the peers that the SA may be used for
 * @param rights what the peer's credential allows
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record Unprotected(
        byte[] coap,
        byte[] reference,
        long observeOrder,
        SaId sa,
        Spi spi,
        PairId pair,
        Endpoint peer,
        Identity identity,
        Set<Endpoint> scope,
        Rights rights)
        implements UnprotectResult {}
