// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Everything that happened, in a file that is only ever appended to, and looked at as it happens. Thread-safe. */
final class Journal implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_TRACE = 40;

    private final Object lock = new Object();
    private final FileChannel file;
    private final ByteBuffer unwritten = ByteBuffer.allocate(BUFFER);
    private final Checker checker = new Checker();
    private final long start = System.nanoTime();

    private @Nullable Violation violation;

    /** A journal in a file that is not there yet. */
    Journal(Path path) {
        try {
            this.file = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(Entry.Kind kind, int host) {
        add(kind, host, 0, 0);
    }

    void add(Entry.Kind kind, int host, long subject, long number) {
        synchronized (lock) {
            int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            Entry entry = new Entry(kind, millis, host, subject, number);
            if (unwritten.remaining() < Entry.LENGTH) {
                write();
            }
            entry.writeTo(unwritten);
            checker.look(entry).ifPresent(this::violated);
        }
    }

    /** Something is wrong that no entry says. */
    void violated(Violation found) {
        synchronized (lock) {
            if (violation == null) {
                violation = found;
            }
        }
    }

    /** What was found first. */
    Optional<Violation> violation() {
        synchronized (lock) {
            return Optional.ofNullable(violation);
        }
    }

    /** What the checker counted so far. */
    <T> T figures(Function<Checker, T> figure) {
        synchronized (lock) {
            return figure.apply(checker);
        }
    }

    /** What became of the daemons lately, and the last entries that belong to a violation, which are marked. */
    List<String> trace(Violation found) {
        Deque<Entry> all = new ArrayDeque<>();
        read(entry -> {
            Predicate<Entry> kind = found.evidence().test(entry) ? found.evidence() : Entry::ofDaemon;
            if (kind.test(entry)) {
                all.add(entry);
                leaveLast(all, kind);
            }
        });
        return all.stream()
                .map(entry -> (found.evidence().test(entry) ? "* " : "  ") + entry)
                .toList();
    }

    private static void leaveLast(Deque<Entry> all, Predicate<Entry> kind) {
        if (all.stream().filter(kind).count() > LONGEST_TRACE) {
            all.stream().filter(kind).findFirst().ifPresent(all::removeFirstOccurrence);
        }
    }

    /** Reads everything from the beginning. */
    void read(Consumer<Entry> reader) {
        synchronized (lock) {
            write();
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER / Entry.LENGTH * Entry.LENGTH);
            try {
                for (long position = 0; position < file.size(); position += buffer.limit()) {
                    buffer.clear();
                    while (buffer.hasRemaining() && file.read(buffer, position + buffer.position()) >= 0) {
                        // A read may give less than there is.
                    }
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        reader.accept(Entry.readFrom(buffer));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void write() {
        unwritten.flip();
        try {
            while (unwritten.hasRemaining()) {
                file.write(unwritten, file.size());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        unwritten.clear();
    }

    @Override
    public void close() {
        synchronized (lock) {
            write();
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
