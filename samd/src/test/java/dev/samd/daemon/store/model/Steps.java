// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What may happen in one state, as it is gathered. */
final class Steps {
    private final World from;
    private final List<Step> steps = new ArrayList<>();

    Steps(World from) {
        this.from = from;
    }

    World from() {
        return from;
    }

    void add(World to, Supplier<String> words) {
        steps.add(new Step(to, words));
    }

    List<Step> all() {
        return steps;
    }
}
