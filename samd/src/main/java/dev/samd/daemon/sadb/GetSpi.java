// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Asks for an inbound SPI (GETSPI, RFC 2367 s3.1.1).
 *
 * @param origin who asks; its request id does not count here
 * @param peer the peer that will use the SPI
 * @param local the endpoint of this host, or {@link Endpoint#HOST_WIDE}
 * @param range where to look, or {@code null} for four random octets
 */
public record GetSpi(Origin origin, Endpoint peer, Endpoint local, @Nullable SpiRange range) {}
