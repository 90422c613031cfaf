// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.sadb.PairImage;
import dev.samd.sa.KeyMaterial;

/**
 * A pair as it was kept.
 *
 * @param kmpPrivate what its installer gave along; whoever gets it owns it
 */
record KeptPair(PairImage image, KeyMaterial kmpPrivate) {}
