// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Standard output in one of its forms. A row is written when it is given, so that a listing of any length needs no memory.
 * Confined to the command's thread.
 */
final class Printer implements AutoCloseable {
    private final OutputForm form;
    private final Writer out;
    private boolean rows;

    Printer(OutputForm form, OutputStream stdout) {
        this.form = form;
        this.out = new BufferedWriter(new OutputStreamWriter(stdout, StandardCharsets.UTF_8), 8_192);
    }

    OutputForm form() {
        return form;
    }

    /** One result: for people a column of names and values. */
    void single(Map<String, String> people, Json machine) {
        if (form != OutputForm.TABLE) {
            line(machine.toString());
            return;
        }
        int width = people.keySet().stream().mapToInt(String::length).max().orElse(0);
        people.forEach((name, value) -> line(pad(name, width) + "  " + value));
    }

    /** Begins a listing. */
    void begin(String header) {
        if (form == OutputForm.TABLE) {
            line(header);
        } else if (form == OutputForm.JSON) {
            write("[");
        }
    }

    /** One row of a listing. */
    void row(String people, Json machine) {
        switch (form) {
            case TABLE -> line(people);
            case JSON -> write((rows ? ",\n " : "") + machine);
            case JSONL -> line(machine.toString());
        }
        rows = true;
    }

    /** Ends a listing. */
    void end() {
        if (form == OutputForm.JSON) {
            line("]");
        }
    }

    /** Something that happened: out at once, one line. */
    void event(String people, Json machine) {
        line(form == OutputForm.TABLE ? people : machine.toString());
        flush();
    }

    /** Cells side by side, each as wide as its column; the last one ends the line. */
    static String cells(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            boolean last = i == cells.size() - 1;
            line.append(last ? cells.get(i) : pad(cells.get(i), widths.get(i)) + "  ");
        }
        return line.toString().stripTrailing();
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    private void line(String text) {
        write(text + "\n");
    }

    private void write(String text) {
        try {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Brings out what was written; standard output itself stays open. */
    @Override
    public void close() {
        flush();
    }
}
