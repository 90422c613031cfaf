// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import dev.samd.sa.CipherSuite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Who understands whom: a row for each peer, a column for each suite. */
final class Matrix {
    private final List<CipherSuite> suites;
    private final Map<Peer, List<Session.Outcome>> rows = new LinkedHashMap<>();
    private final Map<CipherSuite, Capture> captures = new LinkedHashMap<>();

    private Matrix(List<CipherSuite> suites) {
        this.suites = List.copyOf(suites);
    }

    /**
     * Holds all sessions, one after the other.
     *
     * @param log is told why a cell is not good
     */
    static Matrix run(Daemon daemon, Path directory, List<Peer> peers, List<CipherSuite> suites, Consumer<String> log)
            throws InterruptedException {
        Matrix matrix = new Matrix(suites);
        for (Peer peer : peers) {
            List<Session.Outcome> row = new ArrayList<>();
            for (CipherSuite suite : suites) {
                Capture capture = new Capture();
                Session.Outcome outcome = new Session(peer, suite, daemon, directory, capture).run();
                if (!outcome.reason().isEmpty()) {
                    log.accept(peer.title() + ", " + suite.aead() + ": " + outcome.reason());
                }
                if (peer == Peer.OPENSSL_SERVER && outcome.fromPeer()) {
                    matrix.captures.put(suite, capture);
                }
                row.add(outcome);
            }
            matrix.rows.put(peer, row);
        }
        return matrix;
    }

    /** Whether every session that was agreed on went well in both directions, and every peer agreed on one. */
    boolean isGood() {
        return rows.values().stream()
                .allMatch(row -> row.stream().anyMatch(Session.Outcome::agreed)
                        && row.stream().allMatch(cell -> !cell.agreed() || (cell.toPeer() && cell.fromPeer())));
    }

    /** The sessions with {@link Peer#OPENSSL_SERVER}. */
    Map<CipherSuite, Capture> captures() {
        return captures;
    }

    /** The matrix as a table in Markdown: {@code → ←} for both directions, {@code –} where the peer does not offer the suite. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("| peer | " + suites.stream().map(Matrix::title).collect(Collectors.joining(" | ")) + " |");
        lines.add("|---|" + "---|".repeat(suites.size()));
        rows.forEach((peer, row) -> lines.add("| " + peer.title() + " | "
                + row.stream().map(Matrix::cell).collect(Collectors.joining(" | ")) + " |"));
        return lines;
    }

    private static String title(CipherSuite suite) {
        return suite.aead().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String cell(Session.Outcome outcome) {
        if (!outcome.agreed()) {
            return "–";
        }
        return (outcome.toPeer() ? "→" : "✗") + " " + (outcome.fromPeer() ? "←" : "✗");
    }
}
