// SPDX-License-Identifier: Apache-2.0
/**
 * The daemon's services as Java objects, over its Unix socket.
 *
 * <p>Begin with {@link dev.samd.client.SamdClient}. Domain types go in and come out; that gRPC lies between is nobody's
 * business. What the daemon refuses is the {@link dev.samd.sa.SaException} that the daemon threw; a daemon that cannot be
 * reached is a {@link dev.samd.client.SamdUnavailableException}; what a peer did wrong is a value,
 * {@link dev.samd.client.Discarded}.
 */
@NullMarked
package dev.samd.client;

import org.jspecify.annotations.NullMarked;
