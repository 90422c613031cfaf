// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.ExpireCause;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told. */
final class Wear implements WearListener {
    private final List<String> events = new CopyOnWriteArrayList<>();

    List<String> events() {
        return events;
    }

    @Override
    public void soft(ExpireCause cause) {
        events.add("soft " + cause);
    }

    @Override
    public void hard(ExpireCause cause) {
        events.add("hard " + cause);
    }

    @Override
    public void alarm(long failedOpenings) {
        events.add("alarm " + failedOpenings);
    }

    @Override
    public void used() {
        events.add("used");
    }

    @Override
    public void sendMarkWanted(long current) {
        events.add("send mark " + current);
    }
}
