// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

/**
 * A pair as it was installed.
 *
 * @param inbound the inbound SA
 * @param outbound the outbound SA
 */
public record InstalledPair(SadbEntry inbound, SadbEntry outbound) {}
