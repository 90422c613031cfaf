// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.RecordVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one key for as long as the database lives: with what it was used, and its marks. One daemon may
 * hold both ends of an SA, at two local endpoints: the send mark belongs to one, the accept mark to the other. Flat, since
 * there is one for every key that ever was. Confined to its database's thread.
 */
final class KeyRecord {
    /** Marks never exceed the number of sequence numbers. */
    private static final long MAX_MARK = 1L << 48;

    private final long printHigh;
    private final long printLow;
    private final long ivHigh;
    private final long ivLow;
    private final CipherSuite suite;
    private final RecordVersion version;
    private final int epoch;
    private @Nullable End sending;
    private @Nullable End accepting;

    KeyRecord(KeyPrint print, CipherSuite suite, RecordVersion version, int epoch, KeyPrint ivPrint) {
        this.printHigh = print.high();
        this.printLow = print.low();
        this.ivHigh = ivPrint.high();
        this.ivLow = ivPrint.low();
        this.suite = suite;
        this.version = version;
        this.epoch = epoch;
    }

    /** A key that was kept. */
    KeyRecord(KeyImage image) {
        this(image.print(), image.suite(), image.version(), image.epoch(), image.iv());
        sending = End.restored(image.sending(), image.sendMark());
        accepting = End.restored(image.accepting(), image.acceptMark());
    }

    /** What has to be kept of it. */
    KeyImage image() {
        return new KeyImage(
                print(),
                suite,
                version,
                epoch,
                new KeyPrint(ivHigh, ivLow),
                localOf(sending),
                markOf(sending),
                localOf(accepting),
                markOf(accepting));
    }

    private static Optional<Endpoint> localOf(@Nullable End end) {
        return end == null ? Optional.empty() : Optional.ofNullable(end.local);
    }

    private static long markOf(@Nullable End end) {
        return end == null ? 0 : end.mark;
    }

    /** The print of its octets. */
    KeyPrint print() {
        return new KeyPrint(printHigh, printLow);
    }

    /** Whether that is the print of its octets. */
    boolean has(KeyPrint print) {
        return printHigh == print.high() && printLow == print.low();
    }

    /** Whether it was used in that way. */
    boolean fits(CipherSuite otherSuite, RecordVersion otherVersion, int otherEpoch, KeyPrint ivPrint) {
        return suite == otherSuite
                && version == otherVersion
                && epoch == otherEpoch
                && ivHigh == ivPrint.high()
                && ivLow == ivPrint.low();
    }

    private @Nullable End end(Direction direction) {
        return direction == Direction.OUTBOUND ? sending : accepting;
    }

    private End made(Direction direction) {
        End end = end(direction);
        if (end == null) {
            end = new End();
            if (direction == Direction.OUTBOUND) {
                sending = end;
            } else {
                accepting = end;
            }
        }
        return end;
    }

    /** Whether an SA of that direction uses the key now. */
    boolean isHeld(Direction direction) {
        End end = end(direction);
        return end != null && end.held;
    }

    /** Numbers below may have been used in that direction. */
    long mark(Direction direction) {
        return markOf(end(direction));
    }

    /** Where the key was used in that direction; empty if it never was. */
    Optional<Endpoint> local(Direction direction) {
        return localOf(end(direction));
    }

    /** An SA that was kept goes on with the key: its numbers began below the mark. */
    void holdAgain(Direction direction, long next) {
        End end = made(direction);
        end.held = true;
        end.first = next;
    }

    /** An SA at a local endpoint takes the key, with numbers from {@code first} on, and the first block of them. */
    void hold(Direction direction, Endpoint local, long first, long block) {
        End end = made(direction);
        end.local = local;
        end.held = true;
        end.first = first;
        end.mark = Math.max(end.mark, Math.min(first + block, MAX_MARK));
    }

    /** Raises the mark; marks never fall while the key is held. */
    void raise(Direction direction, long mark) {
        End end = made(direction);
        end.mark = Math.max(end.mark, mark);
    }

    /** The SA has ended, and {@code next} is its first unused number: what was reserved beyond was never used. */
    void release(Direction direction, long next) {
        End end = made(direction);
        end.held = false;
        end.mark = Math.max(end.first, Math.min(end.mark, next));
    }

    /** One use of the key, in one direction. */
    private static final class End {
        /** The local endpoint, or null while only the mark is known. */
        private @Nullable Endpoint local;
        /** Whether an SA uses the key now. */
        private boolean held;
        /** Numbers below may have been used. */
        private long mark;
        /** Where the numbers of the present holder began. */
        private long first;

        private static @Nullable End restored(Optional<Endpoint> where, long mark) {
            if (where.isEmpty() && mark == 0) {
                return null;
            }
            End end = new End();
            end.local = where.orElse(null);
            end.mark = mark;
            return end;
        }
    }
}
