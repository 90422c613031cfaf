// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What to run, and how long.
 *
 * @param parts in the order of the enum
 * @param quick shorter, to see that everything works; the figures are then worth little
 * @param rounds how often the whole set is repeated, each time in fresh processes
 * @param minutes how long the soak lasts
 * @param daemonLib the daemon's libraries, for the parts that need a daemon
 */
record Plan(Set<Part> parts, boolean quick, int rounds, int minutes, Optional<Path> daemonLib) {
    /** The flags of every measured process: a heap that neither grows nor waits for the kernel, and a quiet collector. */
    static final List<String> JVM_FLAGS =
            List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:+UseParallelGC", "-XX:-UsePerfData");

    private static final int ROUNDS = 2;
    private static final int MINUTES = 10;

    /** One table or more. */
    enum Part {
        /** Bare AEAD calls. */
        AEAD,
        /** DTLS records. */
        RECORD,
        /** Whole CoAP messages, threads, many SAs. */
        MESSAGE,
        /** Calls to the daemon. */
        GRPC,
        /** Very many SAs, kept on disk. */
        SCALE,
        /** A steady load for a long time; only where it is asked for by name. */
        SOAK
    }

    Plan {
        parts = Set.copyOf(parts);
    }

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static Plan parse(List<String> arguments) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        boolean quick = false;
        Optional<Integer> rounds = Optional.empty();
        int minutes = MINUTES;
        Optional<Path> daemonLib = Optional.empty();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--quick" -> quick = true;
                case "--rounds" -> rounds = Optional.of(number(argument, value(arguments, ++i, argument), 99));
                case "--minutes" -> minutes = number(argument, value(arguments, ++i, argument), 1440);
                case "--daemon-lib" -> daemonLib = Optional.of(Path.of(value(arguments, ++i, argument)));
                default -> parts.add(part(argument));
            }
        }
        if (parts.isEmpty()) {
            parts = EnumSet.complementOf(EnumSet.of(Part.SOAK));
        }
        return new Plan(parts, quick, rounds.orElse(quick ? 1 : ROUNDS), minutes, daemonLib);
    }

    private static String value(List<String> arguments, int at, String option) {
        if (at == arguments.size()) {
            throw new IllegalArgumentException(option + " without a value");
        }
        return arguments.get(at);
    }

    private static int number(String option, String text, int most) {
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(option + " " + text + "; 1.." + most + " expected");
        }
        return Integer.parseInt(text);
    }

    private static Part part(String name) {
        for (Part part : Part.values()) {
            if (part.name().toLowerCase(Locale.ROOT).equals(name)) {
                return part;
            }
        }
        throw new IllegalArgumentException("\"" + name + "\"; aead, record, message, grpc, scale or soak expected");
    }
}
