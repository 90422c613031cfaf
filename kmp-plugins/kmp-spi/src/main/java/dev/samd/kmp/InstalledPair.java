// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaParameters;

/**
 * A pair that stands in the daemon.
 *
 * @param supersedes the pair that this one replaces, or {@link PairId#NONE}
 * @param kmpPrivate what the KMP gave along when it installed it; empty where another one did. The receiver's to close
 */
public record InstalledPair(
        PairId id,
        SaParameters inbound,
        SaParameters outbound,
        PairRole role,
        boolean unconfirmed,
        PairId supersedes,
        KeyMaterial kmpPrivate) {}
