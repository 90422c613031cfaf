// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table of text, as Markdown has it, with its columns aligned. */
final class Table {
    private final String title;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String title, String... columns) {
        this.title = title;
        rows.add(List.of(columns));
    }

    /** Adds a row with one cell per column. */
    Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell.toString());
        }
        if (row.size() != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    row.size() + " cells in a table of " + rows.get(0).size() + " columns");
        }
        rows.add(row);
        return this;
    }

    /** A number of some unit, without a fraction from 100 on. */
    static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.1f", value)
                .replace(',', ' ');
    }

    /** How many times. */
    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    @Override
    public String toString() {
        int columns = rows.get(0).size();
        StringBuilder text = new StringBuilder("\n## ").append(title).append("\n\n");
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns; c++) {
                text.append(c == 0 ? "| " : " | ").append(padded(rows.get(r).get(c), c));
            }
            text.append(" |\n");
            if (r == 0) {
                for (int c = 0; c < columns; c++) {
                    text.append('|').append("-".repeat(width(c) + 1)).append(c == 0 ? "-" : ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    /** Names stand left, figures right. */
    private String padded(String cell, int column) {
        String space = " ".repeat(width(column) - cell.length());
        return column == 0 ? cell + space : space + cell;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
