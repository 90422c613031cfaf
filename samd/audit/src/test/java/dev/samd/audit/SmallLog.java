// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import dev.samd.sa.KeyMaterial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log of a few lines in several files, made by the chain, and what it looks like after somebody was at it. */
final class SmallLog {
    static final byte[] KEY = new byte[AuditKey.LENGTH];
    static final Instant TIME = Instant.parse("2026-11-24T00:00:00Z");

    static {
        KEY[0] = 7;
    }

    final List<List<byte[]>> files = new ArrayList<>();
    final AuditChain chain = AuditChain.begin(KEY);

    /** Two files, with the start of the daemon, what it did, and its stop. */
    static SmallLog ofTwoFiles() {
        SmallLog log = new SmallLog();
        log.open();
        log.add(AuditEvent.byDaemon(AuditKind.STARTED).with("version", "1"));
        log.add(AuditEvent.intended(AuditKind.INSTALL, new AuditActor("uid:1000", 1000, 100, 7))
                .about(List.of(new AuditSa(3, "aa01", "inbound", "coap://a", "")))
                .with("pair", 9)
                .done());
        log.add(AuditEvent.denied(AuditActor.named("uid:1001"), "SadbService/Flush", "NOT_PERMITTED: ünïcode"));
        log.open();
        log.add(AuditEvent.byDaemon(AuditKind.STOPPED));
        return log;
    }

    void open() {
        files.add(new ArrayList<>());
        last().add(chain.openFile("", TIME, "0011223344556677"));
    }

    void add(AuditEvent event) {
        last().add(chain.append(event, TIME, "0011223344556677"));
    }

    private List<byte[]> last() {
        return files.get(files.size() - 1);
    }

    static byte[] joined(List<byte[]> lines) {
        int length = lines.stream().mapToInt(line -> line.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] line : lines) {
            System.arraycopy(line, 0, all, at, line.length);
            at += line.length;
        }
        return all;
    }

    /** The files, written out. */
    List<Path> writtenTo(Path directory) {
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            paths.add(write(directory.resolve("audit.log." + (i + 1)), joined(files.get(i))));
        }
        return paths;
    }

    static Path write(Path file, byte[] octets) {
        try {
            return Files.write(file, octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    AuditReport verify(List<Path> paths) {
        return verify(paths, new Expected(KeyMaterial.copyOf(KEY), chain.anchor(), null));
    }

    static AuditReport verify(List<Path> paths, Expected expected) {
        try {
            return AuditVerifier.verify(paths, expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Expected keyAndAnchor(@Nullable AuditAnchor anchor) {
        return new Expected(KeyMaterial.copyOf(KEY), anchor, null);
    }
}
