// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

/**
 * What a driver is joined to.
 *
 * @param keys the daemon
 * @param transport the network
 * @param thread its thread and its clock
 */
public record DriverPorts(KeyManagement keys, KmpTransport transport, DriverThread thread) {}
