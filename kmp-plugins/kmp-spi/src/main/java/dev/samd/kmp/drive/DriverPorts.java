// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import java.util.concurrent.Executor;

/**
 * What a driver is joined to.
 *
 * @param keys the daemon
 * @param transport the network
 * @param thread its thread and its clock
 * @param workers does what may wait; may refuse by {@link java.util.concurrent.RejectedExecutionException}
 */
public record DriverPorts(KeyManagement keys, KmpTransport transport, DriverThread thread, Executor workers) {}
