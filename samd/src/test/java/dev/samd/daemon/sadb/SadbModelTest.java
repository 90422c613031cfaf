// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.History;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Any interleaving of verbs, wear and time agrees with a naive model; no change without its event, no event without its
 * change.
 */
class SadbModelTest {
    /** SPIs of which some are prefixes of others. */
    private static final List<String> SPIS = List.of("01", "02", "0101", "0102", "010203", "0201", "03");

    private static final List<Duration> STEPS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(29), Duration.ofSeconds(60), Duration.ofSeconds(247));

    /** Soft and hard limits in seconds; 0 is none. */
    private static final List<long[]> LIFETIMES = List.of(
            new long[] {0, 0}, new long[] {60, 120}, new long[] {60, 60}, new long[] {120, 60}, new long[] {30, 0});

    enum Verb {
        GET_SPI,
        ADD_INBOUND,
        ADD_OUTBOUND,
        COMPLETE,
        CHANGE_LIFETIME,
        DELETE,
        FLUSH,
        PASS,
        SOFT,
        HARD
    }

    /** One thing to do; {@code which} picks the SPI, the SA, the lifetime or the time. */
    record Action(Verb verb, int which) {}

    @Property(tries = 500)
    void theDatabaseAgreesWithTheModel(@ForAll("actions") List<Action> actions) {
        SadbFixture f = new SadbFixture();
        NaiveSadb model = new NaiveSadb();
        Map<SaId, SaState> told = new HashMap<>();

        for (Action action : actions) {
            long before = f.sadb.cursor().revision();
            int eventsBefore = f.events.size();

            int expectedEvents = act(action, f, model);

            assertThat(f.events).as("%s", action).hasSize(eventsBefore + expectedEvents);
            assertThat(f.sadb.cursor().revision()).isEqualTo(before + expectedEvents);
            f.events.subList(eventsBefore, f.events.size()).forEach(event -> event.about()
                    .ifPresent(entry -> told.put(entry.id(), entry.state())));
            told.values().removeIf(state -> state == SaState.DEAD);
            Map<SaId, SaState> shown = new TreeMap<>();
            f.sadb.dump(SaFilter.ALL).entries().forEach(entry -> shown.put(entry.id(), entry.state()));
            Map<SaId, SaState> expected = new TreeMap<>();
            model.living.forEach((id, sa) -> expected.put(id, sa.state));
            assertThat(shown).as("%s", action).isEqualTo(expected);
            assertThat(told).as("what the events say after %s", action).isEqualTo(expected);
        }
        for (int i = 0; i < f.events.size(); i++) {
            assertThat(f.events.get(i).revision()).isEqualTo(i + 1L);
        }
    }

    /** Does it to both, and gives how many events it must make. */
    private static int act(Action action, SadbFixture f, NaiveSadb model) {
        String spi = SPIS.get(action.which % SPIS.size());
        long[] limits = LIFETIMES.get(action.which % LIFETIMES.size());
        Optional<SaId> picked = pick(model, action.which);
        return switch (action.verb) {
            case GET_SPI -> {
                SpiRange one = new SpiRange(Octets.ofHex(spi), Octets.ofHex(spi));
                yield entered(
                        model.objection(true, spi, f.nanos),
                        () -> f.getSpi(one),
                        id -> model.enter(id, true, spi, SaState.LARVAL, f.nanos, 0, 0));
            }
            case ADD_INBOUND, ADD_OUTBOUND -> {
                boolean in = action.verb == Verb.ADD_INBOUND;
                SaParameters parameters = parameters(in, spi, limits);
                yield entered(
                        model.objection(in, spi, f.nanos),
                        () -> f.add(parameters),
                        id -> model.enter(id, in, spi, SaState.MATURE, f.nanos, limits[0], limits[1]));
            }
            case COMPLETE -> picked.map(id -> complete(f, model, id, limits)).orElse(0);
            case CHANGE_LIFETIME ->
                picked.map(id -> changeLifetime(f, model, id, limits)).orElse(0);
            case DELETE -> {
                picked.ifPresent(id -> {
                    f.seen(f.sadb.delete(f.now(), ALICE, new SaSelector.ById(id), false));
                    model.end(id, f.nanos);
                });
                yield picked.isPresent() ? 1 : 0;
            }
            case FLUSH -> {
                int count = model.living.size();
                assertThat(f.seen(f.sadb.flush(f.now(), ALICE, SaFilter.ALL)).reply())
                        .isEqualTo(count);
                List.copyOf(model.living.keySet()).forEach(id -> model.end(id, f.nanos));
                yield count + 1;
            }
            case PASS -> {
                f.pass(STEPS.get(action.which % STEPS.size()));
                yield model.pass(f.nanos);
            }
            case SOFT -> {
                boolean ages = picked.isPresent() && model.living.get(picked.get()).state == SaState.MATURE;
                picked.ifPresent(id -> f.seen(f.sadb.soft(f.now(), id, ExpireCause.SEQUENCE)));
                if (ages) {
                    model.living.get(picked.get()).state = SaState.DYING;
                }
                yield ages ? 1 : 0;
            }
            case HARD -> {
                boolean ends = picked.isPresent() && model.living.get(picked.get()).state != SaState.LARVAL;
                picked.ifPresent(id -> f.seen(f.sadb.hard(f.now(), id, ExpireCause.SEQUENCE)));
                if (ends) {
                    model.end(picked.get(), f.nanos);
                }
                yield ends ? 1 : 0;
            }
        };
    }

    private static int entered(Optional<SaError> objection, Supplier<SadbEntry> verb, Consumer<SaId> enter) {
        Optional<SaError> refusal = Optional.empty();
        try {
            enter.accept(verb.get().id());
        } catch (SaException e) {
            refusal = Optional.of(e.error());
        }
        assertThat(refusal).isEqualTo(objection);
        return objection.isPresent() ? 0 : 1;
    }

    private static int complete(SadbFixture f, NaiveSadb model, SaId id, long[] limits) {
        NaiveSadb.Sa sa = model.living.get(id);
        SaParameters parameters = parameters(sa.inbound, sa.spi, limits);
        Complete request = new Complete(Origin.of(ALICE), new SaSelector.ById(id), parameters, f.keys(), "");
        if (sa.state != SaState.LARVAL) {
            f.refused(SaError.IMMUTABLE, () -> f.sadb.complete(f.now(), request));
            return 0;
        }
        f.seen(f.sadb.complete(f.now(), request));
        model.enter(id, true, sa.spi, SaState.MATURE, f.nanos, limits[0], limits[1]);
        return 1;
    }

    private static int changeLifetime(SadbFixture f, NaiveSadb model, SaId id, long[] limits) {
        NaiveSadb.Sa sa = model.living.get(id);
        ChangeLifetime request = new ChangeLifetime(Origin.of(ALICE), new SaSelector.ById(id), null, lifetime(limits));
        if (sa.state == SaState.LARVAL) {
            f.refused(SaError.WRONG_STATE, () -> f.sadb.changeLifetime(f.now(), request));
            return 0;
        }
        f.seen(f.sadb.changeLifetime(f.now(), request));
        sa.soft = limits[0];
        sa.hard = limits[1];
        boolean softMet = sa.soft != 0 && (f.nanos - sa.added) / 1_000_000_000L >= sa.soft;
        if (sa.state == SaState.DYING && !softMet) {
            sa.state = SaState.MATURE;
        }
        return 1;
    }

    private static Optional<SaId> pick(NaiveSadb model, int which) {
        List<SaId> ids = List.copyOf(model.living.keySet());
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(which % ids.size()));
    }

    private static SaParameters parameters(boolean inbound, String spi, long[] limits) {
        return SadbFixture.parameters(
                inbound ? Direction.INBOUND : Direction.OUTBOUND,
                spi,
                SadbFixture.PEER,
                new History.Fresh(),
                lifetime(limits));
    }

    private static Lifetime lifetime(long[] limits) {
        return SadbFixture.softTime(Duration.ofSeconds(limits[0]), Duration.ofSeconds(limits[1]));
    }

    @Provide
    Arbitrary<List<Action>> actions() {
        return Combinators.combine(
                        Arbitraries.of(Verb.class), Arbitraries.integers().between(0, 1000))
                .as(Action::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }
}
