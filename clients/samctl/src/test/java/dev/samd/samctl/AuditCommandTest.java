// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.audit.AuditActor;
import dev.samd.audit.AuditChain;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKey;
import dev.samd.audit.AuditKind;
import dev.samd.audit.AuditSa;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of an audit log, without a daemon. */
class AuditCommandTest {
    private static final byte[] KEY = new byte[AuditKey.LENGTH];
    private static final Instant TIME = Instant.parse("2026-11-24T00:00:00Z");

    @TempDir
    Path directory;

    private Path log;
    private Path key;
    private Path anchor;
    private String head;

    @BeforeEach
    void write() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try (AuditChain chain = AuditChain.begin(KEY)) {
            lines.writeBytes(chain.openFile("", TIME, "00"));
            lines.writeBytes(chain.append(
                    AuditEvent.intended(AuditKind.INSTALL, new AuditActor("uid:1000", 1000, 100, 7))
                            .about(List.of(new AuditSa(3, "aa01", "inbound", "coap://a", "")))
                            .with("pair", 9)
                            .with("kmp", "ace")
                            .done(),
                    TIME,
                    "00"));
            lines.writeBytes(chain.append(
                    AuditEvent.denied(AuditActor.named("uid:7"), "SadbService/Flush", "NOT_PERMITTED: \u001b[2J"),
                    TIME,
                    "00"));
            anchor = Files.write(directory.resolve("anchor"), chain.anchor().toOctets());
            head = chain.head().sequence() + ":" + chain.head().hash().toHex();
        }
        log = Files.write(directory.resolve("audit.log"), lines.toByteArray());
        key = Files.write(directory.resolve("key"), AuditKey.toOctets(KEY));
    }

    @Test
    void aWholeLogIsZero() {
        Run run = run("audit verify --key %s --anchor %s --head %s %s".formatted(key, anchor, head, log));

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("verdict  whole\nlines    3\nhead     %s\n".formatted(head));
        assertThat(run.code()).isZero();
    }

    @Test
    void whatCannotBeSaidIsNoted() {
        Run run = run("audit verify -o json " + log);

        assertThat(run.out())
                .startsWith(
                        "{\"whole\":true,\"lines\":3,\"head\":\"" + head + "\",\"findings\":[],\"notes\":[\"whether ");
        assertThat(run.code()).isZero();
    }

    @Test
    void anAlteredLogIsOneAndSaysWhere() throws IOException {
        Files.writeString(log, Files.readString(log).replace("uid:1000", "uid:1001"));

        Run run = run("audit verify --key %s --anchor %s %s".formatted(key, anchor, log));

        assertThat(run.out())
                .startsWith("verdict    not as it was written\n")
                .contains("finding 1  " + log + " line 2: line 2 is not as it was written: its MAC is wrong\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aLogThatWasCutIsFoundByItsAnchorAndByAHead() throws IOException {
        String whole = Files.readString(log);
        Files.writeString(log, whole.substring(0, whole.indexOf("{\"seq\":3")));

        assertThat(run("audit verify --anchor %s %s".formatted(anchor, log)).out())
                .contains("the anchor names line 3 of file 1, which is not there: the log was cut");
        assertThat(run("audit verify --head %s %s".formatted(head, log)).out())
                .contains("line 3 is expected and not there: the log was cut");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audit                              | audit needs a command: verify or show",
                "audit verify                       | Missing required parameter: 'FILE'",
                "audit verify DIR/nowhere           | nowhere does not exist or cannot be read",
                "audit verify --key DIR/none LOG    | --key: DIR/none does not exist",
                "audit verify --key LOG LOG         | --key: LOG is no key of an audit log",
                "audit verify --anchor LOG LOG      | --anchor: LOG is no anchor of an audit log",
                "audit verify --head 7 LOG          | --head: '7' is no SEQ:HASH",
                "audit show DIR/nowhere             | nowhere does not exist"
            })
    void badUsageIsTwo(String commandLine, String message) {
        Run run = run(placed(commandLine));

        assertThat(run.err()).contains(placed(message)).hasLineCount(1);
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void linesAreShownForPeople() {
        assertThat(run("audit show " + log).out())
                .isEqualTo(
                        """
                        SEQ       TIME                         EVENT                  OUTCOME     PRINCIPAL     WHAT
                        1         2026-11-24T00:00:00Z         opened                 done        -             file=1
                        2         2026-11-24T00:00:00Z         install                done        uid:1000      sa=3 spi=aa01 inbound peer=coap://a pair=9 kmp=ace
                        3         2026-11-24T00:00:00Z         denied                 refused     uid:7         call=SadbService/Flush reason="NOT_PERMITTED: \\u001b[2J"
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "--event install,2",
        "'--event denied,opened',13",
        "--outcome refused,3",
        "--principal uid:1000,2",
        "--sa 3,2",
        "--spi aa01,2",
        "--peer coap://a,2",
        "--sa 4,''",
        "--sa 3 --principal uid:7,''"
    })
    void linesAreChosen(String options, String sequences) {
        String out = run("audit show -o jsonl %s %s".formatted(options, log)).out();

        assertThat(out.lines()
                        .map(line -> line.substring("{\"seq\":".length(), line.indexOf(',')))
                        .reduce("", String::concat))
                .isEqualTo(sequences);
    }

    @Test
    void machinesGetTheLinesThemselves() throws IOException {
        assertThat(run("audit show -o jsonl " + log).out()).isEqualTo(Files.readString(log));
        assertThat(run("audit show -o json " + log).out())
                .isEqualTo("["
                        + new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                                .strip()
                                .replace("\n", ",\n ")
                        + "]\n");
    }

    private String placed(String text) {
        return text.replace("DIR", directory.toString()).replace("LOG", log.toString());
    }

    private Run run(String commandLine) {
        return Run.of(directory.resolve("no-daemon"), commandLine);
    }
}
