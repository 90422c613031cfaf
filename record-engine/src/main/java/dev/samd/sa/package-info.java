// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of security associations: names, parameters, keys, states, limits and reasons.
 *
 * <p>Everybody may use this room; it uses nobody. What may be known ({@link dev.samd.sa.SaParameters}) and what must not
 * ({@link dev.samd.sa.TrafficKeys}) are two types: listings, logs and events carry the first only. RFC 2367 gives the
 * words, RFC 6347 and RFC 9146 the numbers.
 */
@NullMarked
package dev.samd.sa;

import org.jspecify.annotations.NullMarked;
