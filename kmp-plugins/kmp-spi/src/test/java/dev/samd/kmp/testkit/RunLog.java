// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import dev.samd.kmp.drive.DriverObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Counts runs, and takes every defect for a fault. */
final class RunLog implements DriverObserver {
    private final List<String> faults;
    private final List<String> refusals = new ArrayList<>();
    private int running;
    private int begun;
    private String lastOutcome = "";

    RunLog(List<String> faults) {
        this.faults = faults;
    }

    int running() {
        return running;
    }

    int begun() {
        return begun;
    }

    String lastOutcome() {
        return lastOutcome;
    }

    List<String> refusals() {
        return List.copyOf(refusals);
    }

    @Override
    public void registered(String kmp, int recalledPairs) {}

    @Override
    public void disconnected(String kmp, String reason, Duration retryAfter) {}

    @Override
    public void began(String kmp, String run) {
        running++;
        begun++;
    }

    @Override
    public void ended(String kmp, String run, String outcome) {
        running--;
        lastOutcome = outcome;
    }

    @Override
    public void refused(String kmp, String source, int code, String reason) {
        refusals.add(reason);
    }

    @Override
    public void fault(String kmp, RuntimeException defect) {
        faults.add(kmp + ": " + defect);
    }
}
