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
    /** Outbound SPIs by peer. */
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
        // Records carry none, but each SA has an SPI.
        String spi = String.format("%04x", spis.size() + 1);
        install(peer, suite, keys, spi, spi, List.of("--no-cid"));
    }

    /** The same with connection IDs: the SPIs are what records carry. */
    void install(String peer, CipherSuite suite, Handshake.Identified session)
            throws IOException, InterruptedException {
        install(peer, suite, session.keys(), session.theirs(), session.own(), List.of());
    }

    private void install(
            String peer, CipherSuite suite, Handshake.Keys keys, String outbound, String inbound, List<String> more)
            throws IOException, InterruptedException {
        spis.put(peer, outbound);
        add(peer, suite, List.of("--direction=out", "--spi=" + outbound), keys.ours(), FIRST_NUMBER, more);
        // The Finished of the peer had number 0.
        add(peer, suite, List.of("--direction=in", "--spi=" + inbound), keys.theirs(), 1, more);
    }

    private void add(
            String peer, CipherSuite suite, List<String> which, Handshake.Secret secret, int next, List<String> more)
            throws IOException, InterruptedException {
        Path key = secretFile(secret.key());
        Path iv = secretFile(secret.iv());
        List<String> arguments = new ArrayList<>(List.of(
                "sa",
                "add",
                "--peer=" + peer,
                "--suite=" + suite.name(),
                "--key=@" + key,
                "--iv=@" + iv,
                "--epoch=1",
                "--next-seq=" + next,
                "--content=raw"));
        arguments.addAll(which);
        arguments.addAll(more);
        try {
            samctl(new byte[0], arguments.toArray(String[]::new));
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

    /** The octets of one record that says by its connection ID whose it is. */
    byte[] open(byte[] record) throws IOException, InterruptedException {
        return samctl(record, "open");
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
