// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.sadb.Sadb;
import dev.samd.daemon.sadb.SadbEvent;
import dev.samd.sa.Octets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private static final long LIFE = 77;

    private final EventLog log = new EventLog(new Cursor(LIFE, 0), 3);
    private final AtomicInteger woken = new AtomicInteger();

    @Test
    void aSubscriptionFromNowHearsOfWhatComes() {
        append(1, 2);
        Subscription subscription = log.subscribe(null, woken::incrementAndGet);
        assertThat(subscription.next()).isEmpty();

        append(3, 3);

        assertThat(woken).hasValue(1);
        assertThat(revisions(subscription)).containsExactly(3L);
    }

    @Test
    void aReaderIsWokenOnceForEachTimeItFoundNothing() {
        Subscription subscription = log.subscribe(null, woken::incrementAndGet);
        append(1, 1);
        assertThat(woken).hasValue(0);

        revisions(subscription);
        append(2, 2);
        append(3, 3);

        assertThat(woken).hasValue(1);
    }

    @Test
    void aSubscriptionBeginsBehindItsCursor() {
        append(1, 3);

        assertThat(revisions(log.subscribe(new Cursor(LIFE, 1), woken::incrementAndGet)))
                .containsExactly(2L, 3L);
        assertThat(revisions(log.subscribe(new Cursor(LIFE, 0), woken::incrementAndGet)))
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void whoIsTooSlowIsToldHowMuchHeLostAndGoesOnFromNow() {
        Subscription subscription = log.subscribe(null, woken::incrementAndGet);
        append(1, 4);

        assertThat(subscription.next()).contains(new Delivery.Lost(4, new Cursor(LIFE, 4)));
        append(5, 5);
        assertThat(revisions(subscription)).containsExactly(5L);
    }

    @Test
    void aCursorThatIsTooOldIsLost() {
        append(1, 5);

        assertThat(log.subscribe(new Cursor(LIFE, 1), woken::incrementAndGet).next())
                .contains(new Delivery.Lost(4, new Cursor(LIFE, 5)));
        assertThat(revisions(log.subscribe(new Cursor(LIFE, 2), woken::incrementAndGet)))
                .containsExactly(3L, 4L, 5L);
    }

    @Test
    void aCursorOfAnotherLifeOrOfTheFutureIsLostWithoutACount() {
        append(1, 2);
        List<Cursor> wrong = List.of(new Cursor(LIFE + 1, 1), new Cursor(LIFE, 3), new Cursor(LIFE, -2));

        for (Cursor cursor : wrong) {
            Subscription subscription = log.subscribe(cursor, woken::incrementAndGet);
            assertThat(subscription.next()).contains(new Delivery.Lost(0, new Cursor(LIFE, 2)));
            assertThat(subscription.next()).isEmpty();
        }
    }

    @Test
    void aClosedSubscriptionIsNotWoken() {
        Subscription subscription = log.subscribe(null, woken::incrementAndGet);
        assertThat(subscription.next()).isEmpty();

        subscription.close();
        append(1, 1);

        assertThat(woken).hasValue(0);
    }

    @Test
    void revisionsWithoutAGapAreAFaultToMiss() {
        assertThatThrownBy(() -> append(2, 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new EventLog(new Cursor(LIFE, 0), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void everyRevisionIsDeliveredOrCountedAsLost(
            @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 5) Integer> bursts,
            @ForAll @IntRange(min = 1, max = 4) int capacity) {
        EventLog small = new EventLog(new Cursor(LIFE, 0), capacity);
        Subscription subscription = small.subscribe(null, () -> {});
        long appended = 0;
        long accounted = 0;
        for (int burst : bursts) {
            for (int i = 0; i < burst; i++) {
                small.append(List.of(event(++appended)));
            }
            for (var next = subscription.next(); next.isPresent(); next = subscription.next()) {
                Delivery delivery = next.get();
                accounted += delivery instanceof Delivery.Lost lost ? lost.count() : 1;
                assertThat(delivery.cursor().revision()).isEqualTo(accounted);
            }
            assertThat(accounted).isEqualTo(appended);
        }
    }

    private void append(long from, long to) {
        List<LoggedEvent> events = new ArrayList<>();
        for (long revision = from; revision <= to; revision++) {
            events.add(event(revision));
        }
        log.append(events);
    }

    private static LoggedEvent event(long revision) {
        return new LoggedEvent(new SadbEvent.Flushed(revision, Instant.EPOCH, "uid:0", 0), Sadb.NO_USAGE, Octets.EMPTY);
    }

    private static List<Long> revisions(Subscription subscription) {
        List<Long> revisions = new ArrayList<>();
        for (var next = subscription.next(); next.isPresent(); next = subscription.next()) {
            revisions.add(next.get().cursor().revision());
        }
        return revisions;
    }
}
