// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Prints the matrix of peers, suites and directions: each cell is a session that was just held. */
public final class Main {
    private Main() {}

    /**
     * Runs everything, and exits with 1 if a session went wrong.
     *
     * @param args the root of the project
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("interop");
        boolean good = run(Path.of(args[0]), directory, System.out::println, System.err::println);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        System.exit(good ? 0 : 1);
    }

    /**
     * Runs everything.
     *
     * @param directory for what the programs keep; the captures stay there
     * @param out gets three tables in Markdown, with an empty line between them
     * @param log gets the reasons of cells that are not good
     * @return whether no session went wrong
     */
    static boolean run(Path home, Path directory, Consumer<String> out, Consumer<String> log)
            throws IOException, InterruptedException {
        Matrix matrix;
        Map<CipherSuite, Capture> identified = new LinkedHashMap<>();
        boolean good = true;
        try (Daemon daemon = new Daemon(home, directory)) {
            matrix = Matrix.run(daemon, directory, List.of(Peer.values()), suites(), log);
            for (CipherSuite suite : suites()) {
                try {
                    identified.put(suite, IdentifiedSession.run(daemon, suite));
                } catch (IOException e) {
                    good = false;
                    log.accept("connection IDs, " + suite.aead() + ": " + e.getMessage());
                }
            }
        }
        matrix.lines().forEach(out);
        out.accept("");
        Dissection.of(directory, matrix.captures()).forEach(out);
        out.accept("");
        Dissection.identified(directory, identified).forEach(out);
        return good && matrix.isGood();
    }

    /** One suite for each algorithm. */
    static List<CipherSuite> suites() {
        return List.of(
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                CipherSuite.TLS_PSK_WITH_AES_256_CCM_8,
                CipherSuite.TLS_PSK_WITH_AES_128_CCM,
                CipherSuite.TLS_PSK_WITH_AES_256_CCM,
                CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
                CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384,
                CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256);
    }
}
