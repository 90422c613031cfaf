// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import dev.samd.sa.KeyMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Verifies the files of one log: every line, its place, and that nothing is missing between, before or behind. Reads each
 * file once, with bounded memory. Confined to its caller.
 */
public final class AuditVerifier {
    /** So that a number in a file that nobody has verified yet does not keep us computing. */
    private static final long MAX_FILE = 1 << 24;

    private final Expected expected;
    private final AuditReport.Draft report = new AuditReport.Draft();
    private long lines;
    private long discarded;
    private ChainHead head = ChainHead.NONE;
    private boolean anchorSeen;
    private boolean headSeen;

    private AuditVerifier(Expected expected) {
        this.expected = expected;
    }

    /**
     * Verifies a log.
     *
     * @param files in any order
     * @throws IOException if a file cannot be read
     */
    public static AuditReport verify(List<Path> files, Expected expected) throws IOException {
        return new AuditVerifier(expected).verify(files);
    }

    private AuditReport verify(List<Path> files) throws IOException {
        List<Numbered> ordered = numbered(files);
        KeyMaterial key = expected.key();
        byte[] octets = key == null ? null : key.borrow();
        if (key != null && octets == null) {
            throw new IllegalStateException("the key of the log is closed");
        }
        try {
            Ratchet keys = octets == null ? null : Ratchet.ofLog(octets);
            long keysOf = 0;
            for (int i = 0; i < ordered.size(); i++) {
                Numbered file = ordered.get(i);
                for (; keys != null && keysOf < file.number; keysOf++) {
                    Ratchet next = keys.nextFile();
                    keys.close();
                    keys = next;
                }
                FileWalk walk = new FileWalk(this, file, keys == null ? null : keys.copy(), i == ordered.size() - 1);
                walk.walk(before(i, ordered));
            }
            if (keys != null) {
                keys.close();
            }
        } finally {
            if (key != null) {
                key.giveBack();
            }
        }
        checkBeginning(ordered);
        checkEnd();
        return report.end(lines, head);
    }

    /** The line that the first one of a file follows; nothing if it is not known. */
    private Optional<ChainHead> before(int index, List<Numbered> ordered) {
        long number = ordered.get(index).number;
        if (index == 0) {
            return number == 1 ? Optional.of(ChainHead.NONE) : Optional.empty();
        }
        long previous = ordered.get(index - 1).number;
        if (previous + 1 < number) {
            report.found("file " + (previous + 1) + (previous + 2 == number ? " is" : ".." + (number - 1) + " are")
                    + " missing: between " + ordered.get(index - 1).path + " and " + ordered.get(index).path);
        }
        return previous + 1 == number && head.file() == previous ? Optional.of(head) : Optional.empty();
    }

    private List<Numbered> numbered(List<Path> files) throws IOException {
        List<Numbered> ordered = new ArrayList<>();
        for (Path file : files) {
            long number = numberOf(file);
            if (number < 1 || number > MAX_FILE) {
                report.found(file + " does not begin with the first line of an audit file");
            } else {
                ordered.add(new Numbered(file, number));
            }
        }
        ordered.sort(Comparator.comparingLong(Numbered::number));
        List<Numbered> once = new ArrayList<>();
        for (Numbered file : ordered) {
            if (!once.isEmpty() && once.get(once.size() - 1).number == file.number) {
                report.found(file.path + " is file " + file.number + ", and so is " + once.get(once.size() - 1).path);
            } else {
                once.add(file);
            }
        }
        return once;
    }

    private static long numberOf(Path file) throws IOException {
        try (LineReader reader = new LineReader(Files.newInputStream(file))) {
            byte[] first = reader.next();
            return first == null
                    ? 0
                    : AuditLine.read(first)
                            .filter(line -> line.is(AuditKind.OPENED))
                            .map(line -> line.number("file"))
                            .orElse(0L);
        }
    }

    /** A line that is as it was written. */
    void good(AuditLine line, ChainHead at, Optional<Ratchet> after) {
        lines++;
        head = at;
        if (line.is(AuditKind.DISCARDED)) {
            discarded = Math.max(discarded, line.number("file"));
        }
        AuditAnchor anchor = expected.anchor();
        if (anchor != null && anchor.head().sequence() == at.sequence()) {
            anchorSeen = true;
            if (!anchor.head().equals(at)) {
                report.found("line " + at.sequence() + " is not the one that the anchor names");
            } else if (after.isPresent() && !anchor.isMadeUnder(after.get())) {
                report.found("the anchor is not the daemon's");
            }
        }
        ChainHead known = expected.head();
        if (known != null && known.sequence() == at.sequence()) {
            headSeen = true;
            if (!known.hash().equals(at.hash())) {
                report.found("line " + at.sequence() + " is not the expected one");
            }
        }
    }

    AuditReport.Draft report() {
        return report;
    }

    private void checkBeginning(List<Numbered> ordered) {
        long first = ordered.isEmpty() ? 1 : ordered.get(0).number;
        if (first > 1 && discarded < first - 1) {
            report.found((first == 2 ? "file 1 is" : "files 1.." + (first - 1) + " are")
                    + " missing, and no line says that the daemon discarded "
                    + (first == 2 ? "it" : "them"));
        }
    }

    private void checkEnd() {
        AuditAnchor anchor = expected.anchor();
        if (anchor != null && !anchorSeen) {
            report.found("the anchor names line " + anchor.head().sequence() + " of file "
                    + anchor.head().file() + ", which is not there: the log was cut");
        }
        ChainHead known = expected.head();
        if (known != null && !headSeen) {
            report.found("line " + known.sequence() + " is expected and not there: the log was cut");
        }
        if (anchor == null && known == null) {
            report.note("whether lines were cut off at the end is not known: there is neither an anchor nor a head");
        }
        if (expected.key() == null) {
            report.note("who made the lines is not known: without the key, whoever recomputes the chain is not found");
        }
    }

    /** A file with the number that its first line states. */
    record Numbered(Path path, long number) {}
}
