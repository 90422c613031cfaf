// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.util.List;

/** Digits of one number: each draw is independent of the others. */
final class Dice {
    private int rest;

    Dice(int which) {
        this.rest = which;
    }

    int draw(int sides) {
        int drawn = rest % sides;
        rest /= sides;
        return drawn;
    }

    boolean oneIn(int sides) {
        // Not zero, which is what shrinking goes for.
        return draw(sides) == sides - 1;
    }

    <T> T of(List<T> list) {
        return list.get(draw(list.size()));
    }
}
