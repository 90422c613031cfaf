// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.time.Instant;

/**
 * The present, as the driver of the SADB reads it from its clocks.
 *
 * @param nanos monotonic time, for every deadline; comparable by difference only
 * @param wall wall-clock time, to be shown
 */
public record Now(long nanos, Instant wall) {}
