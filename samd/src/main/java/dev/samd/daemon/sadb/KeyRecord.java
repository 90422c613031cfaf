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
 * hold both ends of an SA, at two local endpoints: the send mark belongs to one, the accept mark to the other. Confined
 * to its database's thread.
 */
final class KeyRecord {
    final KeyPrint print;
    final CipherSuite suite;
    final RecordVersion version;
    final int epoch;
    final KeyPrint ivPrint;
    final End sending = new End();
    final End accepting = new End();

    KeyRecord(KeyPrint print, CipherSuite suite, RecordVersion version, int epoch, KeyPrint ivPrint) {
        this.print = print;
        this.suite = suite;
        this.version = version;
        this.epoch = epoch;
        this.ivPrint = ivPrint;
    }

    /** A key that was kept. */
    KeyRecord(KeyImage image) {
        this(image.print(), image.suite(), image.version(), image.epoch(), image.iv());
        sending.restore(image.sending(), image.sendMark());
        accepting.restore(image.accepting(), image.acceptMark());
    }

    /** What has to be kept of it. */
    KeyImage image() {
        return new KeyImage(
                print,
                suite,
                version,
                epoch,
                ivPrint,
                Optional.ofNullable(sending.local),
                sending.mark,
                Optional.ofNullable(accepting.local),
                accepting.mark);
    }

    End end(Direction direction) {
        return direction == Direction.OUTBOUND ? sending : accepting;
    }

    End otherEnd(Direction direction) {
        return direction == Direction.OUTBOUND ? accepting : sending;
    }

    /** One use of the key, in one direction. */
    static final class End {
        /** The local endpoint, or null while the key was never used in this direction. */
        @Nullable
        Endpoint local;
        /** Whether an SA uses the key now. */
        boolean held;
        /** Numbers below may have been used. */
        long mark;

        /** Where the numbers of the present holder began. */
        private long first;

        private void restore(Optional<Endpoint> where, long kept) {
            local = where.orElse(null);
            mark = kept;
        }

        /** An SA that was kept goes on with the key: its numbers began below the mark. */
        void holdAgain(long next) {
            held = true;
            first = next;
        }

        /** An SA takes the key, with numbers from {@code first} on, and the first block of them. */
        void hold(long first, long block) {
            held = true;
            this.first = first;
            mark = Math.max(mark, Math.min(first + block, MAX_MARK));
        }

        /** Raises the mark; marks never fall while the key is held. */
        void raise(long mark) {
            this.mark = Math.max(this.mark, mark);
        }

        /** The SA has ended, and {@code next} is its first unused number: what was reserved beyond was never used. */
        void release(long next) {
            held = false;
            mark = Math.max(first, Math.min(mark, next));
        }
    }

    /** Marks never exceed the number of sequence numbers. */
    private static final long MAX_MARK = 1L << 48;
}
