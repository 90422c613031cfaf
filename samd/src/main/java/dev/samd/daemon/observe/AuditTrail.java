// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import dev.samd.audit.AuditChain;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.audit.LineReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the log: appends lines, durable when {@link #append} returns; begins the next file; goes on where a crash left
 * it. Confined to one thread.
 *
 * <p>Order of one append: the lines, fsync, then the state in place. So the state is never ahead of the log; what stands in
 * the log behind it was written and not yet acknowledged, is verified by the keys that the state holds, and is taken over.
 * Octets behind the last such line are what a crash left of a line: they stay, and the next line says so. A log that ends
 * before its state, or that is not the file that was written last, was tampered with: it is put aside as it is, and the next
 * file says so in its first line.
 */
final class AuditTrail implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(AuditTrail.class);

    private final AuditSettings settings;
    private final String run;
    private final TrailState state;
    private AuditChain chain;
    private long offset;
    private @Nullable FileChannel log;
    private @Nullable Object identity;
    private @Nullable AuditEvent torn;
    private boolean lineFeedMissing;
    private boolean stateBehind;
    private long discarding;
    private String found = "";

    private AuditTrail(AuditSettings settings, String run, TrailState state) {
        this.settings = settings;
        this.run = run;
        this.state = state;
        this.chain = state.chain();
        this.offset = state.offset();
    }

    /**
     * Opens the log where it ends. Nothing is written to it yet.
     *
     * @param run random name of the daemon's run
     * @param random for the key of a new log
     */
    static AuditTrail open(AuditSettings settings, String run, RandomGenerator random) throws IOException {
        Path directory = settings.file().toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        AuditTrail trail = new AuditTrail(settings, run, TrailState.open(settings, random));
        try {
            trail.recover();
            return trail;
        } catch (IOException | RuntimeException e) {
            trail.close();
            throw e;
        }
    }

    private void recover() throws IOException {
        Files.deleteIfExists(settings.next());
        Path file = settings.file();
        long number = chain.head().file();
        if (number == 0 && !Files.exists(file)) {
            return;
        }
        Path older = settings.older(number);
        if (Files.exists(older) && !Files.exists(file)) {
            // Killed between the two renamings of a rotation.
            Files.move(older, file);
        } else if (number == 0 || Files.exists(older)) {
            // Killed after them.
            if (number > 0) {
                follow(older);
            }
            if (!enter(file)) {
                damaged(file + " does not follow line " + chain.head().sequence());
                return;
            }
        }
        if (!Files.exists(file)) {
            damaged(file + " is missing; it had " + offset + " octets");
        } else if (Files.size(file) < offset) {
            damaged(file + " has " + Files.size(file) + " octets; it had " + offset);
        } else {
            follow(file);
            resume(file);
        }
    }

    /** Takes the lines over that stand behind what the state knows. */
    private void follow(Path file) throws IOException {
        try (LineReader reader = from(file, offset)) {
            long start = offset;
            for (byte[] line = reader.next(); line != null && chain.follow(line); line = reader.next()) {
                offset = start + reader.consumed();
                lineFeedMissing = !reader.wasTerminated();
            }
        }
    }

    /** Whether a file begins as the one after the present has to. */
    private boolean enter(Path file) throws IOException {
        try (LineReader reader = from(file, 0)) {
            byte[] line = reader.next();
            if (line == null || !reader.wasTerminated() || !chain.followIntoNextFile(line)) {
                return false;
            }
            offset = reader.consumed();
            lineFeedMissing = false;
            return true;
        }
    }

    private void resume(Path file) throws IOException {
        long size = Files.size(file);
        if (size > offset) {
            torn = AuditEvent.byDaemon(AuditKind.TORN)
                    .with("octets", size - offset)
                    .with("sha256", digest(file, offset));
            lineFeedMissing = true;
            offset = size;
        }
        use(FileChannel.open(file, StandardOpenOption.WRITE), file);
    }

    private static LineReader from(Path file, long offset) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(offset);
        return new LineReader(Channels.newInputStream(channel));
    }

    private static String digest(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(offset);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Channels.newInputStream(channel), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /**
     * Writes lines: all of them, durable, or none.
     *
     * @throws IOException if that cannot be done now
     */
    void append(List<TimedEvent> events) throws IOException {
        if (stateBehind) {
            state.save(chain, offset);
            stateBehind = false;
        }
        FileChannel present = log;
        if (present != null && !isOurs()) {
            damaged(settings.file() + " was changed by somebody else after line "
                    + chain.head().sequence());
        }
        List<TimedEvent> all = new ArrayList<>();
        if (torn != null) {
            all.add(new TimedEvent(torn, events.get(0).time()));
        } else if (log == null || offset >= settings.rotateSize()) {
            openNext(events.get(0).time());
        }
        if (discarding > 0) {
            all.add(new TimedEvent(
                    AuditEvent.byDaemon(AuditKind.DISCARDED).with("file", discarding),
                    events.get(0).time()));
        }
        all.addAll(events);
        write(all);
        // The line first: a file that is gone before its line would be missed.
        for (; discarding > 0; discarding--) {
            if (!Files.deleteIfExists(settings.older(discarding))) {
                discarding = 1;
            }
        }
    }

    private void write(List<TimedEvent> events) throws IOException {
        FileChannel present = log;
        if (present == null) {
            throw new IllegalStateException("no file of the audit log is open");
        }
        AuditChain trial = chain.copy();
        ByteArrayOutputStream octets = new ByteArrayOutputStream(512 * events.size());
        if (lineFeedMissing) {
            octets.write('\n');
        }
        for (TimedEvent event : events) {
            octets.writeBytes(trial.append(event.event(), event.time(), run));
        }
        try {
            PrivateFiles.writeAt(present, offset, octets.toByteArray());
            present.force(false);
        } catch (IOException e) {
            trial.close();
            takeBack(present, e);
            throw e;
        }
        torn = null;
        lineFeedMissing = false;
        adopt(trial, offset + octets.size());
    }

    /** What did not become durable is not left in the file: its numbers and keys are used again. */
    private void takeBack(FileChannel present, IOException why) {
        try {
            present.truncate(offset);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private void adopt(AuditChain next, long end) {
        chain.close();
        chain = next;
        offset = end;
        try {
            state.save(chain, offset);
        } catch (IOException e) {
            // The lines are written; the state follows before the next ones are.
            stateBehind = true;
        }
    }

    private void openNext(Instant time) throws IOException {
        AuditChain trial = chain.copy();
        byte[] first = trial.openFile(found, time, run);
        Path next = settings.next();
        Files.deleteIfExists(next);
        FileChannel channel = PrivateFiles.create(next, PrivateFiles.GROUP_READS);
        try {
            PrivateFiles.writeAt(channel, 0, first);
            channel.force(true);
            if (log != null) {
                log.close();
                log = null;
                putAside();
            }
            Files.move(next, settings.file(), StandardCopyOption.ATOMIC_MOVE);
            PrivateFiles.forceDirectory(settings.file());
        } catch (IOException e) {
            trial.close();
            channel.close();
            Files.deleteIfExists(next);
            throw e;
        }
        use(channel, settings.file());
        found = "";
        adopt(trial, first.length);
        state.force();
        long last = chain.head().file() - 1 - settings.keep();
        if (last > 0 && Files.exists(settings.older(last))) {
            discarding = last;
        }
    }

    private void use(FileChannel channel, Path file) throws IOException {
        log = channel;
        identity = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private boolean isOurs() throws IOException {
        try {
            BasicFileAttributes there = Files.readAttributes(settings.file(), BasicFileAttributes.class);
            return there.size() == offset && String.valueOf(there.fileKey()).equals(String.valueOf(identity));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Puts the file aside as it is; the next one says why. */
    private void damaged(String what) throws IOException {
        found = what;
        torn = null;
        lineFeedMissing = false;
        if (log != null) {
            log.close();
            log = null;
        }
        if (Files.exists(settings.file())) {
            putAside();
        }
        logger.error("the audit log was tampered with found={}", what);
    }

    /** The present file gets its number; whatever has that name already stays as well. */
    private void putAside() throws IOException {
        Path aside = settings.older(chain.head().file());
        Files.move(
                settings.file(),
                Files.exists(aside)
                        ? aside.resolveSibling(
                                aside.getFileName() + ".after-" + chain.head().sequence())
                        : aside);
    }

    @Override
    public void close() throws IOException {
        try {
            if (log != null) {
                log.close();
            }
            state.force();
        } finally {
            chain.close();
            state.close();
        }
    }
}
