// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.client.FakeAdmin;
import dev.samd.client.FakeDaemon;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AccessCommandTest {
    @TempDir
    Path directory;

    private FakeDaemon daemon;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), new FakeAdmin());
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private Run run(String commandLine) {
        return Run.of(directory.resolve("s"), commandLine);
    }

    @Test
    void whoMayIsToldWithTheRule() {
        Run run = run("explain access --san spiffe://a/b protect");

        assertThat(run.out()).isEqualTo("allowed  yes\nrule     sensors\nstep 1   protect by spiffe://a/b\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void whoMayNotIsToldWhyAndEndsWithOne() {
        Run run = run("explain access --uid 1000 delete --sa 17 -o json");

        assertThat(run.out())
                .isEqualTo("{\"allowed\":false,\"rule\":\"\",\"steps\":[\"delete of 17 by 1000\",\"no\"]}\n");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void supplementaryGroupsAreSaid() {
        assertThat(run("explain access --uid 1000 --gid 100 --groups 27,60 delete")
                        .out())
                .contains("delete of 0 by 1000 in [27, 60]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "explain access protect ~ say who calls: --uid N, with --gid N, or --san NAME",
                "explain access --uid 1 --san a protect ~ say who calls: --uid N, with --gid N, or --san NAME",
                "explain access --san a --gid 1 protect ~ --gid and --groups go with --uid only",
                "explain access --san a --groups 1 protect ~ --gid and --groups go with --uid only",
                "explain access --uid 1 --groups 1,-2 protect ~ --groups is -2; a number of 0..4294967294 expected",
                "explain access --uid -1 protect ~ --uid is -1; a number of 0..4294967294 expected",
                "explain access --uid 1 ~ Missing required parameter: 'CALL'",
                "--tls h:1 whoami ~ --tls needs --cert FILE, --cert-key FILE and --ca FILE",
                "--tls h --cert a --cert-key b --ca c whoami ~ --tls is h; HOST:PORT expected",
                "--tls h:1 --socket /s whoami ~ --socket and --tls name two daemons; name one",
                "--cert a whoami ~ --cert, --cert-key and --ca go with --tls only"
            })
    void whatCannotBeAskedIsBadUsage(String commandLine, String message) {
        Run run = run(commandLine);

        assertThat(run.err()).isEqualTo("samctl: " + message + "\n");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void aCertificateThatCannotBeReadIsNamed() {
        Run run = run("whoami --tls localhost:1 --cert /nowhere --cert-key /nowhere --ca /nowhere");

        assertThat(run.err()).startsWith("samctl: samd at localhost:1 cannot be reached: certificate /nowhere");
        assertThat(run.code()).isEqualTo(3);
    }
}
