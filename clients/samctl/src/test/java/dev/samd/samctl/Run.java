// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.sa.Octets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;

/** One run of samctl: what came out of it. */
record Run(int code, Octets output, String err) {
    /** One hour and five seconds after every SA of the fake daemon was added. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T01:00:05Z"), ZoneOffset.UTC);

    static Run of(Path socket, byte[] stdin, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Env env = new Env(new ByteArrayInputStream(stdin), out, err, Map.of("SAMD_SOCKET", socket.toString()), CLOCK);
        int code = Samctl.run(env, arguments);
        return new Run(code, Octets.of(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
    }

    /** A command line with blanks between its words. */
    static Run of(Path socket, String commandLine) {
        return of(socket, new byte[0], words(commandLine));
    }

    static String[] words(String commandLine) {
        return Arrays.stream(commandLine.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }

    String out() {
        return new String(raw(), StandardCharsets.UTF_8);
    }

    byte[] raw() {
        return output.toArray();
    }
}
