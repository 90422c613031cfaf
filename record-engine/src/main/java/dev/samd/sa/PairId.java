// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * Name of the pair that an inbound and an outbound SA form: 64 bits, given by the daemon, never reused.
 *
 * @param value positive, or 0 for {@link #NONE}
 */
public record PairId(long value) {
    /** The pair of an SA that was added alone. */
    public static final PairId NONE = new PairId(0);

    public PairId {
        if (value < 0) {
            throw new IllegalArgumentException("pair id " + value + " is negative");
        }
    }

    /** Whether this names no pair. */
    public boolean isNone() {
        return value == 0;
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
