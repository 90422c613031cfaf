// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to a log is found. */
class AuditVerifierTest {
    @TempDir
    Path directory;

    private final SmallLog log = SmallLog.ofTwoFiles();
    private List<Path> paths = List.of();

    @BeforeEach
    void write() {
        paths = log.writtenTo(directory);
    }

    @Test
    void aLogAsItWasWrittenIsWhole() {
        AuditReport report = log.verify(paths);

        assertThat(report.findings()).isEmpty();
        assertThat(report.notes()).isEmpty();
        assertThat(report.lines()).isEqualTo(6);
        assertThat(report.head()).isEqualTo(log.chain.head());
    }

    @Test
    void theOrderInWhichFilesAreGivenDoesNotMatter() {
        assertThat(log.verify(List.of(paths.get(1), paths.get(0))).findings()).isEmpty();
    }

    @Test
    void everyOctetThatIsFlippedIsFound() {
        for (int file = 0; file < 2; file++) {
            byte[] whole = SmallLog.joined(log.files.get(file));
            for (int i = 0; i < whole.length; i++) {
                // 0x20 makes other letters of the same digit.
                for (int flip : new int[] {0x01, 0x20, 0x80}) {
                    byte[] flipped = whole.clone();
                    flipped[i] ^= (byte) flip;
                    SmallLog.write(paths.get(file), flipped);

                    assertThat(log.verify(paths).findings())
                            .as("file %d octet %d flipped by %x", file + 1, i, flip)
                            .isNotEmpty();
                }
            }
            SmallLog.write(paths.get(file), whole);
        }
    }

    @Test
    void everyLineThatIsTakenOutIsFound() {
        forEveryLine((lines, i) -> {
            lines.remove(i);
            return lines;
        });
    }

    @Test
    void everyLineThatIsDoubledIsFound() {
        forEveryLine((lines, i) -> {
            lines.add(i, lines.get(i));
            return lines;
        });
    }

    @Test
    void everyTwoLinesThatAreSwappedAreFound() {
        forEveryLine((lines, i) -> {
            Collections.swap(lines, i, (i + 1) % lines.size());
            return lines;
        });
    }

    @Test
    void everyLineThatIsPutInIsFound() {
        SmallLog other = new SmallLog();
        other.open();
        other.add(AuditEvent.byDaemon(AuditKind.STARTED));
        byte[] foreign = other.files.get(0).get(1);
        forEveryLine((lines, i) -> {
            lines.add(i, foreign);
            return lines;
        });
    }

    @Test
    void everyCutOfTheTailIsFoundByTheAnchor() {
        byte[] whole = SmallLog.joined(log.files.get(1));
        for (int length = 0; length < whole.length; length++) {
            SmallLog.write(paths.get(1), Arrays.copyOf(whole, length));

            assertThat(log.verify(paths).findings()).as("%d octets", length).isNotEmpty();
        }
    }

    @Test
    void everyCutOfTheTailIsFoundByAHeadThatSomebodyKept() {
        byte[] whole = SmallLog.joined(log.files.get(1));
        Expected kept = new Expected(null, null, log.chain.head());
        assertThat(SmallLog.verify(paths, kept).findings()).isEmpty();
        for (int length = 0; length < whole.length; length++) {
            SmallLog.write(paths.get(1), Arrays.copyOf(whole, length));

            assertThat(SmallLog.verify(paths, kept).findings())
                    .as("%d octets", length)
                    .isNotEmpty();
        }
    }

    @Test
    void everyFileThatIsMissingIsFound() {
        log.open();
        log.add(AuditEvent.byDaemon(AuditKind.STARTED));
        paths = log.writtenTo(directory);
        assertThat(log.verify(paths).findings()).isEmpty();
        for (Path missing : paths) {
            List<Path> rest =
                    paths.stream().filter(path -> !path.equals(missing)).toList();

            assertThat(log.verify(rest).findings()).as("without %s", missing).isNotEmpty();
        }
        assertThat(log.verify(List.of()).findings()).isNotEmpty();
    }

    @Test
    void aFileThatIsGivenTwiceIsFound() {
        assertThat(log.verify(List.of(paths.get(0), paths.get(1), paths.get(0))).findings())
                .hasSize(1)
                .first()
                .asString()
                .contains("is file 1, and so is");
    }

    @Test
    void filesThatTheDaemonDiscardedAreNotMissed() {
        log.add(AuditEvent.byDaemon(AuditKind.DISCARDED).with("file", 1));
        paths = log.writtenTo(directory);

        assertThat(log.verify(paths.subList(1, 2)).findings()).isEmpty();
    }

    @Test
    void whoRecomputesTheChainIsFoundByTheKeyAlone() {
        SmallLog forged = new SmallLog();
        AuditChain chain = AuditChain.begin(new byte[AuditKey.LENGTH]);
        forged.files.add(List.of(
                chain.openFile("", SmallLog.TIME, "0011223344556677"),
                chain.append(AuditEvent.byDaemon(AuditKind.STARTED), SmallLog.TIME, "0011223344556677")));
        List<Path> written = forged.writtenTo(directory);

        assertThat(SmallLog.verify(written, Expected.NOTHING).findings()).isEmpty();
        assertThat(SmallLog.verify(written, Expected.NOTHING).notes()).hasSize(2);
        assertThat(SmallLog.verify(written, SmallLog.keyAndAnchor(null)).findings())
                .isNotEmpty();
    }

    @Test
    void theKeysOfTodayMakeNoLineOfYesterday() {
        // Whoever takes the daemon's keys after line 6 cuts the log at line 4 and goes on from there with what he has.
        byte[] state = log.chain.save();
        byte[] back = AuditLine.read(strip(log.files.get(0).get(3)))
                .orElseThrow()
                .hash()
                .toArray();
        System.arraycopy(back, 0, state, 16, 32);
        state[7] = 1;
        state[15] = 4;
        AuditChain forging = AuditChain.restore(state);
        byte[] forged = forging.append(AuditEvent.byDaemon(AuditKind.STOPPED), SmallLog.TIME, "0011223344556677");
        List<byte[]> first = new ArrayList<>(log.files.get(0));
        first.add(forged);
        SmallLog.write(paths.get(0), SmallLog.joined(first));

        AuditReport report = SmallLog.verify(paths.subList(0, 1), SmallLog.keyAndAnchor(forging.anchor()));

        assertThat(report.findings()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void anAnchorThatSomebodyElseMadeIsFound() {
        AuditAnchor genuine = log.chain.anchor();
        byte[] mac = genuine.mac().toArray();
        mac[0] ^= 1;

        assertThat(SmallLog.verify(paths, SmallLog.keyAndAnchor(new AuditAnchor(genuine.head(), Octets.of(mac))))
                        .findings())
                .containsExactly("the anchor is not the daemon's");
    }

    @Test
    void whatACrashLeftIsToldApartFromTampering() {
        byte[] torn = "{\"seq\":7,\"ti".getBytes(StandardCharsets.UTF_8);
        List<byte[]> lines = log.files.get(1);
        lines.add(torn);
        paths = log.writtenTo(directory);
        // Before the daemon starts again: the anchor is there, and behind it something that has no end.
        assertThat(log.verify(paths).findings()).isEmpty();
        assertThat(log.verify(paths).notes()).hasSize(1);

        lines.add(new byte[] {'\n'});
        log.add(AuditEvent.byDaemon(AuditKind.TORN)
                .with("octets", torn.length)
                .with("sha256", Octets.of(Ratchet.sha256(torn, torn.length)).toHex()));
        paths = log.writtenTo(directory);
        assertThat(log.verify(paths).findings()).isEmpty();
        assertThat(log.verify(paths).notes()).hasSize(1);

        lines.set(2, "{\"seq\":7,\"tI".getBytes(StandardCharsets.UTF_8));
        assertThat(log.verify(log.writtenTo(directory)).findings()).isNotEmpty();
        lines.set(2, new byte[0]);
        lines.set(3, new byte[0]);
        assertThat(log.verify(log.writtenTo(directory)).findings()).isNotEmpty();
    }

    @Test
    void aFileWithoutAnEndIsReadWithBoundedMemory() {
        byte[] endless = new byte[4 * AuditLine.MAX_LENGTH];
        Arrays.fill(endless, (byte) 'x');
        log.files.get(0).add(2, endless);

        assertThat(log.verify(log.writtenTo(directory)).findings()).isNotEmpty();
        SmallLog.write(paths.get(0), endless);
        assertThat(log.verify(paths).findings()).isNotEmpty();
    }

    @Test
    void aNumberFarAheadDoesNotKeepTheVerifierComputing() {
        byte[] line = log.files.get(0).get(1);
        String far = new String(line, StandardCharsets.UTF_8).replace("{\"seq\":2,", "{\"seq\":900000000000000000,");
        log.files.get(0).set(1, far.getBytes(StandardCharsets.UTF_8));
        String header = new String(log.files.get(1).get(0), StandardCharsets.UTF_8)
                .replace("\"file\":2,", "\"file\":900000000000000000,");
        log.files.get(1).set(0, header.getBytes(StandardCharsets.UTF_8));

        assertThat(log.verify(log.writtenTo(directory)).findings()).hasSizeGreaterThanOrEqualTo(2);
    }

    private interface Edit {
        List<byte[]> apply(List<byte[]> lines, int index);
    }

    private void forEveryLine(Edit edit) {
        for (int file = 0; file < 2; file++) {
            List<byte[]> lines = log.files.get(file);
            for (int i = 0; i < lines.size(); i++) {
                SmallLog.write(paths.get(file), SmallLog.joined(edit.apply(new ArrayList<>(lines), i)));

                assertThat(log.verify(paths).findings())
                        .as("file %d line %d", file + 1, i + 1)
                        .isNotEmpty();
            }
            SmallLog.write(paths.get(file), SmallLog.joined(lines));
        }
    }

    private static byte[] strip(byte[] line) {
        return Arrays.copyOf(line, line.length - 1);
    }

    @Test
    void aKeyIsReadFromItsFileAndNothingElseIs() {
        byte[] file = AuditKey.toOctets(SmallLog.KEY);

        assertThat(AuditKey.read(file.clone()).sameAs(KeyMaterial.copyOf(SmallLog.KEY)))
                .isTrue();
        file[20] = 'X';
        assertThat(catchThrowable(() -> AuditKey.read(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no key of an audit log");
    }

    @Test
    void anAnchorIsReadFromItsFileAndNothingElseIs() {
        AuditAnchor anchor = log.chain.anchor();
        byte[] file = anchor.toOctets();

        assertThat(AuditAnchor.read(file.clone())).isEqualTo(anchor);
        for (int i = 0; i < file.length; i++) {
            byte[] changed = file.clone();
            changed[i] ^= 0x40;
            assertThat(catchThrowable(() -> AuditAnchor.read(changed))).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
