// SPDX-License-Identifier: Apache-2.0
/**
 * Where SAs are made durable before anybody is told of them, and how far ahead their numbers are reserved.
 *
 * <p>The {@link dev.samd.daemon.store.SaStore} is the authority of the two horizons, the record engine is the holder:
 * {@link dev.samd.daemon.store.Horizons} asks the one for the next block of numbers before the other needs it.
 */
@NullMarked
package dev.samd.daemon.store;

import org.jspecify.annotations.NullMarked;
