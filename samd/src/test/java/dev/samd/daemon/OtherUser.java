// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/** A connection to a daemon's socket with the credentials of another user: through a process of that user. */
final class OtherUser implements AutoCloseable {
    private final RunningProgram relay;
    final TestChannel channel;

    private OtherUser(RunningProgram relay, TestChannel channel) {
        this.relay = relay;
        this.channel = channel;
    }

    /** Whether this process can start others under another user. */
    static boolean isPossible() throws IOException {
        return new ProcessBuilder("id", "-u").start().inputReader().readLine().equals("0");
    }

    /**
     * Connects as a user.
     *
     * @param directory of the test
     * @param socket of the daemon; opened to everybody here, so that the rules alone decide
     */
    static OtherUser connect(Path directory, Path socket, int uid, int gid) throws IOException {
        return connect(directory, socket, uid, gid, List.of());
    }

    /** The same with supplementary groups. */
    static OtherUser connect(Path directory, Path socket, int uid, int gid, List<Long> groups) throws IOException {
        mode(directory, "rwxr-xr-x");
        mode(socket.getParent(), "rwxr-xr-x");
        mode(socket, "rw-rw-rw-");
        Path home = Files.createDirectory(directory.resolve("user-" + uid + "-" + gid));
        mode(home, "rwxrwxrwx");
        Path listening = home.resolve("s");
        String others = groups.isEmpty()
                ? "--clear-groups"
                : "--groups=" + groups.stream().map(String::valueOf).collect(Collectors.joining(","));
        List<String> before = List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, others, "--");
        RunningProgram relay = RunningProgram.startWith(
                directory,
                before,
                copyOfRelay(home).toString(),
                CredentialRelay.class,
                listening.toString(),
                socket.toString());
        assertThat(relay.out.readLine()).as(relay.errors()).isEqualTo("ready");
        return new OtherUser(relay, new TestChannel(listening));
    }

    private static Path copyOfRelay(Path home) throws IOException {
        String name = CredentialRelay.class.getName().replace('.', '/') + ".class";
        Path copy = home.resolve("classes").resolve(name);
        Files.createDirectories(copy.getParent());
        try (InputStream octets = CredentialRelay.class.getClassLoader().getResourceAsStream(name)) {
            assertThat(octets).isNotNull();
            Files.copy(octets, copy);
        }
        for (Path place = copy.getParent(); !place.equals(home); place = place.getParent()) {
            mode(place, "rwxr-xr-x");
        }
        mode(copy, "rw-r--r--");
        return home.resolve("classes");
    }

    private static void mode(Path place, String mode) throws IOException {
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(mode));
    }

    @Override
    public void close() {
        channel.close();
        relay.close();
    }
}
