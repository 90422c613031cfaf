// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import dev.samd.sa.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * A state of everything that has to do with one key.
 *
 * @param late a write that its holder has given up, but that the authority may still carry out
 * @param holders those that live; which comes first means nothing
 * @param lessees those that live; which comes first means nothing
 */
record World(Authority authority, Optional<Late> late, List<Holder> holders, List<Lessee> lessees, Ledger ledger) {
    static final World NEW = new World(Authority.NEW, Optional.empty(), List.of(), List.of(), Ledger.EMPTY);

    /** A write under way. */
    record Late(int generation, Direction direction, int mark) {
        static final int BITS = 8;

        long pack() {
            return 1L | generation << 1 | (direction == Direction.OUTBOUND ? 1 : 0) << 4 | mark << 5;
        }

        static Late unpack(int bits) {
            return new Late(
                    bits >> 1 & 7, (bits >> 4 & 1) != 0 ? Direction.OUTBOUND : Direction.INBOUND, bits >> 5 & 7);
        }
    }

    /** What must never be, if it is. */
    Optional<String> violation(Scope scope) {
        if (ledger.sealedTwice() != 0) {
            return Optional.of("number " + lowest(ledger.sealedTwice()) + " was sealed twice");
        }
        if (ledger.releasedTwice() != 0) {
            return Optional.of("number " + lowest(ledger.releasedTwice()) + " was released twice");
        }
        if (authority.acceptMark() > scope.authentic()) {
            return Optional.of("a forged record has made all authentic ones seen");
        }
        return Optional.empty();
    }

    private static int lowest(int bits) {
        return Integer.numberOfTrailingZeros(bits);
    }

    World with(Authority changed) {
        return new World(changed, late, holders, lessees, ledger);
    }

    World with(Ledger changed) {
        return new World(authority, late, holders, lessees, changed);
    }

    World with(Optional<Late> changed) {
        return new World(authority, changed, holders, lessees, ledger);
    }

    World with(Holder added) {
        List<Holder> more = new ArrayList<>(holders);
        more.add(added);
        return new World(authority, late, more, lessees, ledger);
    }

    World with(Lessee added) {
        List<Lessee> more = new ArrayList<>(lessees);
        more.add(added);
        return new World(authority, late, holders, more, ledger);
    }

    World without(Holder gone) {
        List<Holder> fewer = new ArrayList<>(holders);
        fewer.remove(gone);
        return new World(authority, late, fewer, lessees, ledger);
    }

    World without(Lessee gone) {
        List<Lessee> fewer = new ArrayList<>(lessees);
        fewer.remove(gone);
        return new World(authority, late, holders, fewer, ledger);
    }

    World replace(Holder old, Holder changed) {
        return without(old).with(changed);
    }

    World replace(Lessee old, Lessee changed) {
        return without(old).with(changed);
    }

    /** The state in as many words as the scope needs; worlds that differ in the order of their members alone are equal. */
    long[] pack(Scope scope) {
        long[] words = new long[words(scope)];
        long write = late.map(Late::pack).orElse(0L);
        words[0] = authority.pack() | write << Authority.BITS | ledger.pack() << (Authority.BITS + Late.BITS);
        pack(holders, Holder::pack, words, 1, 1 + scope.holders());
        pack(lessees, Lessee::pack, words, 1 + scope.holders(), words.length);
        return words;
    }

    private static <T> void pack(List<T> members, ToLongFunction<T> pack, long[] words, int from, int to) {
        for (int i = 0; i < members.size(); i++) {
            words[from + i] = pack.applyAsLong(members.get(i));
        }
        Arrays.sort(words, from, to);
    }

    static World unpack(Scope scope, long[] words) {
        int write = (int) (words[0] >> Authority.BITS) & 255;
        List<Holder> holders = new ArrayList<>();
        for (int i = 1; i <= scope.holders(); i++) {
            if (words[i] != 0) {
                holders.add(Holder.unpack(words[i]));
            }
        }
        List<Lessee> lessees = new ArrayList<>();
        for (int i = 1 + scope.holders(); i < words.length; i++) {
            if (words[i] != 0) {
                lessees.add(Lessee.unpack(words[i]));
            }
        }
        return new World(
                Authority.unpack(words[0] & (1L << Authority.BITS) - 1),
                write == 0 ? Optional.empty() : Optional.of(Late.unpack(write)),
                holders,
                lessees,
                Ledger.unpack(words[0] >> (Authority.BITS + Late.BITS)));
    }

    static int words(Scope scope) {
        return 1 + scope.holders() + scope.lessees();
    }
}
