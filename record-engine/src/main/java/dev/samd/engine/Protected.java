// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;

/**
 * A protected message.
 *
 * @param coap the message, a fresh array
 * @param reference names its record, for the response
 * @param sa the SA
 * @param spi the SA's SPI
 * @param peer whom it is protected for
 * @param identity whom the SA authenticates
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record Protected(byte[] coap, byte[] reference, SaId sa, Spi spi, Endpoint peer, Identity identity)
        implements ProtectResult {}
