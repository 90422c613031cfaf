// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A samd, used as an operator uses it: by samctl. */
final class Daemon implements AutoCloseable {
    /** Above every number that a handshake has used (docs/wire-format.md). */
    private static final int FIRST_NUMBER = 1024;

    private final Path home;
    private final Path directory;
    private final Program program;
    /** Records carry no SPI here, but each inbound SA has one of its own. */
    private final Map<String, String> spis = new HashMap<>();

    /**
     * Starts one.
     *
     * @param home the root of the project
     * @param directory for its socket and state, and for keys on their way
     */
    Daemon(Path home, Path directory) throws IOException, InterruptedException {
        this.home = home;
        this.directory = directory;
        this.program = Program.start(
                directory,
                home.resolve("bin/samd").toString(),
                "--socket",
                socket(),
                "--state-dir",
                directory.resolve("state").toString());
        program.await("samd ready");
    }

    private String socket() {
        return directory.resolve("app.sock").toString();
    }

    /** Installs both directions of a session: raw records without connection ID, in the epoch of the handshake. */
    void install(String peer, CipherSuite suite, Handshake.Keys keys) throws IOException, InterruptedException {
        spis.put(peer, String.format("%04x", spis.size() + 1));
        add(peer, suite, "out", keys.ours(), FIRST_NUMBER);
        // The Finished of the peer had number 0.
        add(peer, suite, "in", keys.theirs(), 1);
    }

    private void add(String peer, CipherSuite suite, String direction, Handshake.Secret secret, int next)
            throws IOException, InterruptedException {
        Path key = secretFile(secret.key());
        Path iv = secretFile(secret.iv());
        try {
            samctl(
                    new byte[0],
                    "sa",
                    "add",
                    "--direction=" + direction,
                    "--spi=" + spis.get(peer),
                    "--peer=" + peer,
                    "--suite=" + suite.name(),
                    "--key=@" + key,
                    "--iv=@" + iv,
                    "--epoch=1",
                    "--next-seq=" + next,
                    "--content=raw",
                    "--no-cid");
        } finally {
            Files.delete(key);
            Files.delete(iv);
        }
    }

    private Path secretFile(String hex) throws IOException {
        Path file = Files.createTempFile(
                directory,
                "secret",
                ".hex",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, hex);
    }

    /** One record of these octets. */
    byte[] seal(String peer, byte[] content) throws IOException, InterruptedException {
        return samctl(content, "seal", "--peer=" + peer, "--out=" + spis.get(peer));
    }

    /** The octets of one record. */
    byte[] open(String peer, byte[] record) throws IOException, InterruptedException {
        return samctl(record, "open", "--peer=" + peer);
    }

    private byte[] samctl(byte[] input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/samctl").toString());
        command.addAll(Arrays.asList(arguments));
        command.add("--socket=" + socket());
        return Program.run(input, command);
    }

    @Override
    public void close() {
        program.close();
    }
}
