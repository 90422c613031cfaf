// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

/** What was measured beside what was wanted. */
final class Targets {
    private final Table table;

    Targets(String part) {
        table = new Table(part + ": targets", "what", "wanted", "measured", "");
    }

    /** Wants a value of at least that much. */
    Targets atLeast(String what, double wanted, double measured) {
        return row(what, "≥ " + Table.ratio(wanted), measured, measured >= wanted);
    }

    /** Wants a value of at most that much. */
    Targets atMost(String what, double wanted, double measured) {
        return row(what, "≤ " + Table.ratio(wanted), measured, measured <= wanted);
    }

    private Targets row(String what, String wanted, double measured, boolean met) {
        table.row(what, wanted, Table.ratio(measured), met ? "met" : "missed");
        return this;
    }

    @Override
    public String toString() {
        return table.toString();
    }
}
