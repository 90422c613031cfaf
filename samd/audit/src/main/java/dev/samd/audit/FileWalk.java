// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import dev.samd.sa.Octets;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file on its way through the verifier, line by line.
 *
 * <p>After what is wrong it finds its feet again at the next line whose MAC fits the number that the line states, so that one
 * altered line is one finding. Octets that are no line are right only where the next line says, under its MAC, that a crash
 * left them.
 */
final class FileWalk {
    /** As many keys are tried ahead for a line that states a number further on. */
    private static final long MAX_GAP = 1 << 20;

    private final AuditVerifier verifier;
    private final AuditVerifier.Numbered file;
    private final @Nullable Ratchet keys;
    private final boolean last;
    private long next;
    private boolean placed;
    private @Nullable Octets previous;
    private long lineInFile;

    private @Nullable MessageDigest unread;
    private long unreadOctets;
    private long unreadFrom;
    private boolean unreadTerminated;

    /**
     * @param keys before the first line of the file, owned by this; null if there are none
     * @param last whether no file follows
     */
    FileWalk(AuditVerifier verifier, AuditVerifier.Numbered file, @Nullable Ratchet keys, boolean last) {
        this.verifier = verifier;
        this.file = file;
        this.keys = keys;
        this.last = last;
    }

    /** @param before the line that the first one follows, if it is known */
    void walk(Optional<ChainHead> before) throws IOException {
        before.ifPresent(head -> {
            next = head.sequence() + 1;
            previous = head.hash();
            placed = true;
        });
        try (LineReader reader = new LineReader(Files.newInputStream(file.path()))) {
            long from = 0;
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                lineInFile++;
                Optional<AuditLine> read = reader.wasTerminated() ? AuditLine.read(line) : Optional.empty();
                if (read.isPresent()) {
                    take(read.get());
                } else {
                    leave(line, from, reader.wasTerminated());
                }
                from = reader.consumed();
            }
        } finally {
            if (keys != null) {
                keys.close();
            }
        }
        checkTail();
    }

    private void take(AuditLine line) {
        long sequence = line.sequence();
        if (lineInFile == 1) {
            // Its keys are those of the file's first line, whatever number it states.
            if (placed && sequence > next) {
                missing(sequence);
            }
            next = placed && sequence < next ? next : sequence;
        }
        if (sequence < next) {
            found("line " + sequence + " stands again, or out of order");
            return;
        }
        if (keys != null && !fits(line, sequence)) {
            return;
        }
        if (sequence > next) {
            missing(sequence);
        }
        if (previous != null && !line.previous().equals(previous)) {
            found("line " + sequence + " does not follow the line before it");
        }
        settle(line);
        next = sequence + 1;
        previous = line.hash();
        verifier.good(line, new ChainHead(file.number(), sequence, previous), Optional.ofNullable(keys));
    }

    private void missing(long before) {
        found((before == next + 1 ? "line " + next + " is" : "lines " + next + ".." + (before - 1) + " are")
                + " missing before line " + before);
        previous = null;
    }

    /** Whether the line has the MAC of its number; then the keys stand behind it. */
    private boolean fits(AuditLine line, long sequence) {
        Ratchet mine = keys;
        if (mine == null) {
            throw new IllegalStateException("a MAC cannot be verified without keys");
        }
        if (sequence - next > MAX_GAP) {
            found("line " + sequence + " is expected to be line " + next);
            return false;
        }
        try (Ratchet there = mine.copy()) {
            for (long i = next; i < sequence; i++) {
                there.step();
            }
            if (!line.isMadeUnder(there)) {
                found("line " + sequence + " is not as it was written: its MAC is wrong");
                if (sequence == next) {
                    mine.step();
                    next++;
                    previous = null;
                }
                return false;
            }
        }
        for (long i = next; i <= sequence; i++) {
            mine.step();
        }
        return true;
    }

    private void leave(byte[] octets, long from, boolean terminated) {
        MessageDigest digest = unread;
        if (digest == null) {
            digest = Ratchet.digest();
            unread = digest;
            unreadFrom = from;
            unreadOctets = 0;
        } else if (unreadTerminated) {
            digest.update((byte) '\n');
            unreadOctets++;
        }
        digest.update(octets);
        unreadOctets += octets.length;
        unreadTerminated = terminated;
    }

    /** A good line comes: what was there before it is either what it says that a crash left, or wrong. */
    private void settle(AuditLine line) {
        MessageDigest digest = unread;
        boolean saysTorn = line.is(AuditKind.TORN);
        if (digest == null) {
            if (saysTorn) {
                found("the " + line.number("octets") + " octets that line " + line.sequence()
                        + " speaks of are missing");
            }
            return;
        }
        String hash = Octets.of(digest.digest()).toHex();
        unread = null;
        if (saysTorn
                && line.number("octets") == unreadOctets
                && line.text("sha256").equals(hash)) {
            verifier.report()
                    .note(file.path() + " has " + unreadOctets + " octets at " + unreadFrom
                            + " that a crash left, as line " + line.sequence() + " says");
        } else {
            found(unreadOctets + " octets at " + unreadFrom + " are no line");
        }
    }

    private void checkTail() {
        if (unread == null) {
            return;
        }
        if (last && !unreadTerminated) {
            verifier.report()
                    .note(file.path() + " ends with " + unreadOctets + " octets of a line that has no end: it is"
                            + " being written, or the daemon was killed and has not started since");
        } else {
            found(unreadOctets + " octets at " + unreadFrom + " are no line");
        }
    }

    private void found(String what) {
        verifier.report().found(file.path() + " line " + lineInFile + ": " + what);
    }
}
