// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.sadb.Change;
import dev.samd.daemon.sadb.KeyPrint;
import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.engine.MustWait;
import dev.samd.sa.Direction;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class HorizonsTest {
    private static final SaId SA = new SaId(7);
    private static final long BLOCK = 100;

    private final Map<SaId, Long> marks = new HashMap<>(Map.of(SA, 10L));
    private final List<Long> asked = new ArrayList<>();
    private final List<CompletableFuture<Long>> unanswered = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final List<Long> reserved = new ArrayList<>();
    private Optional<String> stalled = Optional.empty();
    private long records;
    private long now;
    private final Horizons horizons = new Horizons(
            new Asked(), new Marks(), Runnable::run, new SadbBounds(100, 100, 100, BLOCK, BLOCK), () -> now);

    private final class Asked implements SaStore {
        @Override
        public String name() {
            return "asked";
        }

        @Override
        public CompletionStage<Long> commit(List<Change> changes, long lastId) {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletionStage<Long> extend(Mark mark, Usage usage) {
            asked.add(mark.mark());
            unanswered.add(new CompletableFuture<>());
            return unanswered.get(unanswered.size() - 1);
        }

        @Override
        public void keep(SaId sa, Usage usage) {
            // Nobody reads it.
        }

        @Override
        public CompletionStage<Void> leave(List<Note> notes, long revision) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Optional<String> stalled() {
            return stalled;
        }

        @Override
        public void whenStalled(Runnable listener) {
            // It is said by stalled alone.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private final class Marks implements MarkHolder {
        @Override
        public Optional<KeyPrint> reserve(SaId sa, Direction direction, long mark) {
            reserved.add(mark);
            return marks.containsKey(sa) ? Optional.of(new KeyPrint(1, 2)) : Optional.empty();
        }

        @Override
        public Usage usage(SaId sa) {
            return new Usage(records, 0, 0, 0, 0, 0, Map.of());
        }

        @Override
        public void raise(SaId sa, Direction direction, long mark) {
            marks.put(sa, mark);
        }

        @Override
        public long mark(SaId sa, Direction direction) {
            return marks.getOrDefault(sa, 0L);
        }
    }

    private void await(long mark) {
        horizons.await(new MarkWaiter(
                new MustWait(SA, Direction.OUTBOUND, mark),
                1_000,
                () -> ends.add("resumed " + mark),
                (SaException refusal) -> ends.add("refused " + refusal.error())));
    }

    private void grant() {
        unanswered.remove(0).complete(asked.get(asked.size() - 1));
    }

    @Test
    void whoWaitsForAMarkGoesOnWhenItHasRisen() {
        await(11);
        assertThat(ends).isEmpty();

        grant();

        assertThat(ends).containsExactly("resumed 11");
        assertThat(asked).containsExactly(11 + BLOCK);
    }

    @Test
    void whoComesAfterTheMarkHasRisenGoesOnAtOnceAndAsksForNothing() {
        horizons.wanted(SA, Direction.OUTBOUND, 10);
        grant();

        await(11);

        assertThat(ends).containsExactly("resumed 11");
        assertThat(asked).containsExactly(10 + BLOCK);
    }

    @Test
    void aWishThatHasBeenMetIsNotMetAgain() {
        horizons.wanted(SA, Direction.OUTBOUND, 10);
        grant();

        horizons.wanted(SA, Direction.OUTBOUND, 10);

        assertThat(asked).containsExactly(10 + BLOCK);
    }

    @Test
    void whoWaitsForAnSaThatEndsMakesTheCallAgain() {
        await(11);

        horizons.ended(SA);

        assertThat(ends).containsExactly("resumed 11");
        assertThat(horizons.nextDeadline()).isEmpty();
    }

    @Test
    void whoseTimeIsUpIsRefused() {
        await(11);

        horizons.expire(1_000);

        assertThat(ends).containsExactly("refused TIMED_OUT");
    }

    @Test
    void aMarkCountsAsUsedBeforeTheStoreIsAsked() {
        await(11);

        assertThat(reserved).containsExactly(11 + BLOCK);
    }

    @Test
    void theStoreIsNotAskedForAnSaWhoseEndIsOnItsWay() {
        marks.remove(SA);

        await(11);
        assertThat(asked).isEmpty();

        horizons.ended(SA);
        assertThat(ends).containsExactly("resumed 11");
    }

    @Test
    void whoWaitsWhileTheStoreTakesNothingIsRefusedAtOnce() {
        stalled = Optional.of("No space left on device");

        await(11);

        assertThat(ends).containsExactly("refused NO_SPACE");
        assertThat(asked).isEmpty();
    }

    @Test
    void aFastSaReservesWhatItUsesInASecondAndASlowOneNoMoreThanTheLeast() {
        await(11);
        grant();
        now = 1_000_000_000;
        records = 5_000;

        await(12 + BLOCK);
        grant();
        now = 2_000_000_000;

        await(5_013 + BLOCK);

        assertThat(asked).containsExactly(11 + BLOCK, 12 + BLOCK + 5_000, 5_013 + BLOCK + BLOCK);
    }
}
