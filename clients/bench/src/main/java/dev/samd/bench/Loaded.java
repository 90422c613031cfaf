// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

/**
 * What a server did under a load.
 *
 * @param figure microseconds of a call, or calls per second, as the load has it
 * @param calls that were answered
 */
record Loaded(double figure, long calls) {
    /** So many calls in the time since then. */
    static Loaded rate(long calls, long startNanos) {
        return new Loaded(calls * 1e9 / (System.nanoTime() - startNanos), calls);
    }
}
