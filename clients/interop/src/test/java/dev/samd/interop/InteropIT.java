// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everybody who should understand samd's records does, and docs/interop.md says exactly that. */
class InteropIT {
    @TempDir
    private Path directory;

    @Test
    void matrixOfTheDocumentIsWhatComesOutToday() throws IOException, InterruptedException {
        assumeTrue(
                Arrays.stream(Peer.values()).allMatch(Peer::isInstalled) && Program.exists("tshark"),
                "openssl, gnutls-bin, libcoap3-bin and tshark are needed");
        Path home = home();
        List<String> lines = new ArrayList<>();
        List<String> log = new ArrayList<>();

        boolean good = Main.run(home, directory, lines::add, log::add);

        assertThat(good).as(String.join("\n", log)).isTrue();
        assertThat(Files.readString(home.resolve("docs/interop.md")))
                .as("what comes out today:\n" + String.join("\n", lines) + "\n" + String.join("\n", log))
                .contains(lines);
    }

    private static Path home() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("bin")) || !Files.isDirectory(here.resolve("api-proto"))) {
            here = here.getParent();
        }
        return here;
    }
}
