// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import java.util.Optional;

/**
 * The place of an SA in a pair.
 *
 * @param pair the pair, or {@link PairId#NONE}
 * @param name the name under which the SA was added to it, or the empty string
 * @param partner the other SA of the pair, if it is there
 * @param supersedes the pair that the pair replaces, or {@link PairId#NONE}
 */
public record PairMembership(PairId pair, String name, Optional<SaId> partner, PairId supersedes) {}
