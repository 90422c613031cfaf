// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import dev.samd.sa.Direction;
import java.util.Optional;

/**
 * What is durable.
 *
 * @param witness the highest generation there was, kept apart from the store
 * @param suspended whether a start has found that the store went back
 */
record Authority(int sendMark, int acceptMark, int generation, Optional<Note> note, int witness, boolean suspended) {
    static final int BITS = 24;
    static final Authority NEW = new Authority(0, 0, 0, Optional.empty(), 0, false);

    /**
     * Where the numbers of a holder stood at its end.
     *
     * @param generation of the holder that wrote it
     * @param seen the numbers it had accepted, as bits
     */
    record Note(int generation, int next, int seen) {}

    Authority raised(Direction direction, int mark) {
        return direction == Direction.OUTBOUND
                ? withMarks(Math.max(sendMark, mark), acceptMark)
                : withMarks(sendMark, Math.max(acceptMark, mark));
    }

    Authority withMarks(int send, int accept) {
        return new Authority(send, accept, generation, note, witness, suspended);
    }

    Authority withGeneration(int raised) {
        return new Authority(sendMark, acceptMark, raised, note, Math.max(witness, raised), suspended);
    }

    Authority withNote(Note left) {
        return new Authority(sendMark, acceptMark, generation, Optional.of(left), witness, suspended);
    }

    /** The store as it was when it was new; the witness is not in it. */
    Authority restored() {
        return new Authority(0, 0, 0, Optional.empty(), witness, suspended);
    }

    Authority suspend() {
        return new Authority(sendMark, acceptMark, generation, note, witness, true);
    }

    long pack() {
        long left = note.map(n -> 1L | n.generation() << 1 | n.next() << 4 | n.seen() << 7)
                .orElse(0L);
        return sendMark | acceptMark << 3 | generation << 6 | witness << 9 | (suspended ? 1 : 0) << 12 | left << 13;
    }

    static Authority unpack(long bits) {
        int left = (int) (bits >> 13);
        return new Authority(
                (int) bits & 7,
                (int) bits >> 3 & 7,
                (int) bits >> 6 & 7,
                (left & 1) == 0
                        ? Optional.empty()
                        : Optional.of(new Note(left >> 1 & 7, left >> 4 & 7, left >> 7 & 15)),
                (int) bits >> 9 & 7,
                (bits >> 12 & 1) != 0);
    }
}
