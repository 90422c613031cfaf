// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upkeep of the embedded store, on a thread of its own: what takes long there keeps nobody waiting. */
final class EmbeddedUpkeep implements Upkeep, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedUpkeep.class);
    private static final long CLOSE_PATIENCE_SECONDS = 60;

    private final RowWriter writer;
    private final Backup backup;
    private final KeyRotation rotation;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "samd-upkeep-1");
        made.setDaemon(true);
        return made;
    });

    EmbeddedUpkeep(RowWriter writer, Backup backup, KeyRotation rotation) {
        this.writer = writer;
        this.backup = backup;
        this.rotation = rotation;
    }

    @Override
    public CompletionStage<BackupMade> backup(Path destination) {
        return alone(destination.toString(), () -> {
            BackupMade made = backup.make(destination);
            log.info(
                    "made a backup destination={} octets={} revision={} sealed_by={}",
                    made.destination(),
                    made.octets(),
                    made.revision(),
                    made.keyEncryptionKey());
            return made;
        });
    }

    @Override
    public CompletionStage<KeyRotated> rotateKey() {
        return alone("key", () -> {
            KeyRotated rotated = rotation.rotate();
            log.info("rotated the key-encryption key current={} destroyed={}", rotated.current(), rotated.destroyed());
            return rotated;
        });
    }

    /** Something that may fail because of the disk. */
    @FunctionalInterface
    private interface Deed<T> {
        T done() throws IOException;
    }

    private <T> CompletionStage<T> alone(String subject, Deed<T> deed) {
        if (writer.stalled().isPresent()) {
            return CompletableFuture.failedFuture(new SaException(
                    SaError.NO_SPACE,
                    subject,
                    "the store takes no changes now: " + writer.stalled().orElse("")));
        }
        if (!busy.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(
                    new SaException(SaError.TOO_MANY, subject, "another backup or rotation is under way"));
        }
        CompletableFuture<T> outcome = new CompletableFuture<>();
        try {
            thread.execute(() -> carryOut(subject, deed, outcome));
        } catch (RejectedExecutionException e) {
            outcome.completeExceptionally(new SaException(SaError.SHUTTING_DOWN, subject, "the daemon is stopping"));
        }
        return outcome;
    }

    private <T> void carryOut(String subject, Deed<T> deed, CompletableFuture<T> outcome) {
        try {
            T done = deed.done();
            busy.set(false);
            outcome.complete(done);
        } catch (IOException e) {
            busy.set(false);
            log.warn("upkeep of the store failed subject={} because={}", subject, text(e));
            // What the file system says may be another matter a minute later; what the store says is how things are.
            SaError error = e instanceof StoreException ? SaError.WRONG_STATE : SaError.NO_SPACE;
            outcome.completeExceptionally(new SaException(error, subject, text(e)));
        } catch (RuntimeException e) {
            busy.set(false);
            outcome.completeExceptionally(e);
        }
    }

    /** Those of the file system say little more than a path without their kind. */
    private static String text(IOException e) {
        return e instanceof StoreException ? String.valueOf(e.getMessage()) : e.toString();
    }

    /** Ends what is under way: a backup is given up, a rotation comes to its end. */
    @Override
    public void close() {
        backup.giveUp();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a backup or rotation did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
