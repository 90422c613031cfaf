// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells a store that went back: a file apart from the state directory that says how far the store has come. A store that was
 * restored from a backup, or copied to another machine, does not fit it.
 */
final class StateGuard {
    private static final String WORD = "samd-guard";

    private final Path file;

    StateGuard(Path file) {
        this.file = file;
    }

    /**
     * How far a store has come.
     *
     * @param storeId of the store, in hexadecimal
     * @param generation starts of it
     * @param sequence writes to it
     */
    record Position(String storeId, long generation, long sequence) {}

    /** What the file says; empty if it is missing or is not such a file. */
    Optional<Position> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] words = Files.readString(file, StandardCharsets.UTF_8).trim().split(" +", -1);
        if (words.length != 4 || !words[0].equals(WORD)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Position(words[1], Long.parseLong(words[2]), Long.parseLong(words[3])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Why a store cannot be trusted to be where it was; empty if it can.
     *
     * @param store where it is; generation 0 for a new one
     */
    Optional<String> objection(Position store) throws IOException {
        if (store.generation() == 0) {
            return Optional.empty();
        }
        Optional<Position> guard = read();
        if (guard.isEmpty()) {
            return Optional.of("guard file " + file + " is missing, as on another machine");
        }
        Position expected = guard.get();
        if (!expected.storeId().equals(store.storeId())) {
            return Optional.of("guard file " + file + " is of another store");
        }
        // The store is written first: a start that was cut off in between leaves it one ahead.
        boolean behind = store.generation() < expected.generation() || store.sequence() < expected.sequence();
        return behind
                ? Optional.of("it is at start " + store.generation() + ", write " + store.sequence()
                        + ", and was at start " + expected.generation() + ", write " + expected.sequence())
                : Optional.empty();
    }

    void write(Position position) throws IOException {
        String line = WORD + ' ' + position.storeId() + ' ' + position.generation() + ' ' + position.sequence() + '\n';
        Durably.write(file, line.getBytes(StandardCharsets.US_ASCII));
    }
}
