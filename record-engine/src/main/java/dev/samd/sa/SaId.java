// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * Name of an SA inside one daemon: 64 bits, given by the daemon, never reused.
 *
 * @param value positive
 */
public record SaId(long value) implements Comparable<SaId> {
    public SaId {
        if (value <= 0) {
            throw new IllegalArgumentException("SA id " + value + " is not positive");
        }
    }

    @Override
    public int compareTo(SaId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
