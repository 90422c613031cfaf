// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.PairId;
import dev.samd.sa.SaId;

/**
 * An SA that was installed.
 *
 * @param id the daemon's name of it
 * @param pair the pair it now belongs to, or {@link PairId#NONE}
 */
public record Added(SaId id, PairId pair) {}
