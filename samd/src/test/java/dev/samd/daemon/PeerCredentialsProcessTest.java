// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.base.Splitter;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel of the host says who calls: a real second process, under another user. */
class PeerCredentialsProcessTest {
    private static final int NOBODY = 65_534;

    @TempDir
    Path directory;

    @Test
    void aProcessOfAnotherUserIsKnownByItsOwnNumbers() throws Exception {
        assumeThat(new ProcessBuilder("id", "-u").start().inputReader().readLine())
                .as("only root can start a process under another user")
                .isEqualTo("0");
        open(directory);
        try (DaemonFixture f = new DaemonFixture(directory)) {
            open(f.socket.getParent());
            Files.setPosixFilePermissions(f.socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            Path classes = readableClassPath();
            List<String> asNobody =
                    List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");

            try (RunningProgram other = RunningProgram.startWith(
                    directory, asNobody, classes + "/*:" + classes, WhoAmIProgram.class, f.socket.toString())) {
                String line = other.out.readLine();

                assertThat(line).as(other.errors()).isEqualTo("uid:65534 65534 65534 " + other.process.pid());
            }
        }
    }

    /** The class path again, in a place where another user may read it. */
    private Path readableClassPath() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        open(classes);
        for (String entry : Splitter.on(File.pathSeparatorChar).split(RunningProgram.classPath())) {
            Path source = Path.of(entry);
            if (Files.isDirectory(source)) {
                copyTree(source, classes);
            } else if (Files.exists(source)) {
                Path copy = classes.resolve(source.getFileName());
                Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
        return classes;
    }

    private static void copyTree(Path source, Path target) throws Exception {
        try (var files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                    open(copy);
                } else if (!Files.exists(copy)) {
                    Files.copy(file, copy);
                    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
                }
            }
        }
    }

    private static void open(Path place) throws Exception {
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
