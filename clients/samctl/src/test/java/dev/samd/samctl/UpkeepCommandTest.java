// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.client.FakeAdmin;
import dev.samd.client.FakeDaemon;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code backup} and {@code key rotate}. */
@Timeout(60)
class UpkeepCommandTest {
    @TempDir
    Path directory;

    private final FakeAdmin admin = new FakeAdmin();
    private FakeDaemon daemon;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), admin);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private Run run(String commandLine) {
        return Run.of(directory.resolve("s"), commandLine);
    }

    @Test
    void backupSaysWhereItIsAndWhichKeyOpensIt() {
        Run run = run("backup /var/backups/samd-1");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                        backup         /var/backups/samd-1
                        octets         48213
                        revision       17
                        opened by key  kek-5f3c0a11
                        """);
        assertThat(run("-o json backup /var/backups/samd-2").out())
                .isEqualTo("{\"destination\":\"/var/backups/samd-2\",\"octets\":48213,\"revision\":17,"
                        + "\"key_encryption_key\":\"kek-5f3c0a11\"}\n");
    }

    @Test
    void theDaemonHearsAnAbsolutePath() {
        assertThat(run("backup some/../place").code()).isZero();

        assertThat(admin.backups())
                .containsExactly(Path.of("place").toAbsolutePath().toString());
    }

    @Test
    void keyRotateSaysWhichKeysAreGone() {
        Run run = run("key rotate");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .isEqualTo("sealed by  kek-9d20e7b4\nin         file /var/lib/samd/kek\ndestroyed  kek-5f3c0a11\n");
        assertThat(run("key rotate -o json").out())
                .isEqualTo("{\"current\":\"kek-9d20e7b4\",\"place\":\"file /var/lib/samd/kek\","
                        + "\"destroyed\":[\"kek-5f3c0a11\"]}\n");
    }

    @Test
    void refusalsHaveTheirReason() {
        admin.refuseUpkeep(new SaException(SaError.WRONG_STATE, "key", "credential samd.kek is read only"));

        Run run = run("key rotate");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("samctl: credential samd.kek is read only (WRONG_STATE)\n");
        assertThat(run("backup /x").code()).isEqualTo(1);
    }

    @Test
    void whatIsMissingIsBadUsage() {
        assertThat(run("backup").code()).isEqualTo(2);
        assertThat(run("backup").err()).contains("DIR");
        assertThat(run("key").err()).isEqualTo("samctl: key needs a command: rotate\n");
        assertThat(run("key --help").out()).contains("\n  rotate ");
        assertThat(run("--help").out()).contains("\n  backup ").contains("\n  key ");
    }
}
