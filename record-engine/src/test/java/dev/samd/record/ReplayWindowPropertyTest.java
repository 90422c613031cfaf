// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.record.ReplayWindow.Verdict;
import dev.samd.sa.History;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The window against the plainest model there is: the set of all numbers accepted. */
class ReplayWindowPropertyTest {
    /** A window as RFC 6347 s4.1.2.6 describes it. */
    private static final class Model {
        final int size;
        final Set<Long> accepted = new HashSet<>();
        long edge = -1;

        Model(int size) {
            this.size = size;
        }

        Verdict check(long n) {
            if (n <= edge - size) {
                return Verdict.TOO_OLD;
            }
            return accepted.contains(n) ? Verdict.REPLAY : Verdict.OK;
        }

        void accept(long n) {
            accepted.add(n);
            edge = Math.max(edge, n);
        }
    }

    @Property
    void agreesWithASet(@ForAll("sizes") int size, @ForAll("steps") List<Long> steps) {
        ReplayWindow window = new ReplayWindow(size, new History.Fresh());
        Model model = new Model(size);

        for (long step : steps) {
            long n = Math.max(0, Math.min(History.MAX_SEQUENCE, model.edge + step));
            assertThat(window.check(n)).as("number %d", n).isEqualTo(model.check(n));
            if (model.check(n) == Verdict.OK) {
                window.accept(n);
                model.accept(n);
            }
            assertThat(window.edge()).isEqualTo(model.edge);
        }
        agreeEverywhere(window, model);
    }

    @Property
    void aSuccessorOfAnySizeAcceptsNothingTwice(
            @ForAll("sizes") int size, @ForAll("sizes") int sizeAfterwards, @ForAll("steps") List<Long> steps) {
        ReplayWindow window = new ReplayWindow(size, new History.Fresh());
        Model model = new Model(size);
        for (long step : steps) {
            long n = Math.max(0, Math.min(History.MAX_SEQUENCE, model.edge + step));
            if (model.check(n) == Verdict.OK) {
                window.accept(n);
                model.accept(n);
            }
        }

        ReplayWindow successor = new ReplayWindow(sizeAfterwards, window.history());

        assertThat(successor.edge()).isEqualTo(model.edge);
        for (long n = Math.max(0, model.edge - 5000); n <= model.edge; n++) {
            boolean ok = model.check(n) == Verdict.OK && n > model.edge - sizeAfterwards;
            assertThat(successor.check(n) == Verdict.OK).as("number %d", n).isEqualTo(ok);
        }
    }

    private static void agreeEverywhere(ReplayWindow window, Model model) {
        for (long n = Math.max(0, model.edge - model.size - 70); n <= model.edge + 2; n++) {
            assertThat(window.check(n)).as("number %d", n).isEqualTo(model.check(n));
        }
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.of(64, 128, 192, 320, 4096);
    }

    /** Mostly near the edge, at times behind it, at times far ahead. */
    @Provide
    Arbitrary<List<Long>> steps() {
        Arbitrary<Long> step = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.longs().between(-5, 5)),
                Tuple.of(3, Arbitraries.longs().between(-200, 200)),
                Tuple.of(1, Arbitraries.longs().between(-5000, 5000)),
                Tuple.of(1, Arbitraries.longs().between(0, 1L << 44)));
        return step.list().ofMinSize(1).ofMaxSize(120);
    }
}
