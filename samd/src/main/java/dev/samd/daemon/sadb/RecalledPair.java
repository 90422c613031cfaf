// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.KeyMaterial;

/**
 * A pair as the KMP that installed it may find it again.
 *
 * @param inbound the inbound SA
 * @param outbound the outbound SA
 * @param kmpPrivate what the KMP gave along; stays the database's, and is closed when the pair has ended
 */
public record RecalledPair(SadbEntry inbound, SadbEntry outbound, KeyMaterial kmpPrivate) {}
