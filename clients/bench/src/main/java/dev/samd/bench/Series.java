// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.util.Arrays;
import java.util.Collection;

/** The values of one measurement that was repeated. Immutable. */
final class Series {
    private final double[] sorted;

    /** @throws IllegalArgumentException if there is no value */
    Series(Collection<Double> values) {
        sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("a series without values");
        }
    }

    /** The value in the middle, of two the mean. */
    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least() {
        return sorted[0];
    }

    double greatest() {
        return sorted[sorted.length - 1];
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
