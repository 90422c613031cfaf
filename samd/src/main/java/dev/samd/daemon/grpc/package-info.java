// SPDX-License-Identifier: Apache-2.0
/**
 * The interface of the daemon over gRPC on a Unix socket: one class per service, and what stands before all of them: who
 * calls, whether the daemon still takes calls, and how refusals become statuses.
 *
 * <p>The only room of the daemon that knows {@code io.grpc}. Handlers throw; {@link
 * dev.samd.daemon.grpc.ErrorMapping} maps.
 */
@NullMarked
package dev.samd.daemon.grpc;

import org.jspecify.annotations.NullMarked;
