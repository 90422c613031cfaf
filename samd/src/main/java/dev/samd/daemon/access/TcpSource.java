// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

/**
 * Where somebody comes from over TCP.
 *
 * @param address in numbers
 * @param port TCP port; 0 if that is not known
 * @param network what shares one budget: an IPv4 address, or the /64 that an IPv6 host can take any address of
 */
public record TcpSource(String address, int port, String network) {}
