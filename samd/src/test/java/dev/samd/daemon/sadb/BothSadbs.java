// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.History;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The database and the naive one: each action is done to both, and what the first says is held against the second. */
final class BothSadbs {
    /** SPIs of which some are prefixes of others. */
    private static final List<String> SPIS = List.of("01", "02", "0101", "0102", "010203", "0201", "03");

    private static final List<Duration> STEPS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(29), Duration.ofSeconds(60), Duration.ofSeconds(247));

    /** Soft and hard limits in seconds; 0 is none. */
    private static final List<long[]> LIFETIMES = List.of(
            new long[] {0, 0}, new long[] {60, 120}, new long[] {60, 60}, new long[] {120, 60}, new long[] {30, 0});

    private static final List<String> PAIR_NAMES = List.of("a", "b");

    enum Verb {
        GET_SPI,
        ADD_INBOUND,
        ADD_OUTBOUND,
        ADD_INBOUND_OF_A_PAIR,
        ADD_OUTBOUND_OF_A_PAIR,
        ADD_AGAIN,
        INSTALL_PAIR,
        SUPERSEDE,
        COMPLETE,
        COMPLETE_ANOTHERS,
        CHANGE_LIFETIME,
        DELETE,
        DELETE_PAIR,
        FLUSH,
        PASS,
        SOFT,
        HARD
    }

    /** One thing to do; {@code which} picks the SPI, the SA, the lifetime, the pair or the time. */
    record Action(Verb verb, int which) {}

    private final SadbFixture f = new SadbFixture();
    private final NaiveSadb model = new NaiveSadb();
    /** What the events said last about each SA. */
    private final Map<SaId, SaState> told = new HashMap<>();

    private final Map<Integer, Answered> answered = new HashMap<>();

    private record Answered(int variant, SaId id) {}

    /** What one action must have brought about. */
    private record Expected(int events, Set<SaId> closeNotified) {
        static final Expected NOTHING = new Expected(0, Set.of());

        static Expected events(int events) {
            return new Expected(events, Set.of());
        }
    }

    /** Does it to both, and compares what they are afterwards and what was said of it. */
    void act(Action action) {
        long before = f.sadb.cursor().revision();
        int eventsBefore = f.events.size();
        int changesBefore = f.changes.size();

        Expected expected = doToBoth(action);

        List<SadbEvent> events = f.events.subList(eventsBefore, f.events.size());
        assertThat(events).as("%s", action).hasSize(expected.events);
        assertThat(f.sadb.cursor().revision()).isEqualTo(before + expected.events);
        assertThat(closeNotified(f.changes.subList(changesBefore, f.changes.size())))
                .as("close_notify of %s", action)
                .isEqualTo(expected.closeNotified);
        events.forEach(event -> event.about().ifPresent(entry -> told.put(entry.id(), entry.state())));
        told.values().removeIf(state -> state == SaState.DEAD);
        Map<SaId, SaState> states = new TreeMap<>();
        model.living.forEach((id, sa) -> states.put(id, sa.state));
        assertThat(told).as("what the events say after %s", action).isEqualTo(states);
        assertThat(shownByTheDatabase()).as("%s", action).isEqualTo(shownByTheModel());
    }

    void everyRevisionWasToldOnceAndInOrder() {
        for (int i = 0; i < f.events.size(); i++) {
            assertThat(f.events.get(i).revision()).isEqualTo(i + 1L);
        }
    }

    private static Set<SaId> closeNotified(List<Change> changes) {
        Set<SaId> ids = new HashSet<>();
        for (Change change : changes) {
            if (change instanceof Change.Ended ended && ended.closeNotify()) {
                ids.add(ended.entry().id());
            }
        }
        return ids;
    }

    private Map<SaId, String> shownByTheDatabase() {
        Map<SaId, String> shown = new TreeMap<>();
        for (SadbEntry entry : f.sadb.dump(SaFilter.ALL).entries()) {
            shown.put(
                    entry.id(),
                    shown(entry.state(), entry.spi().toString(), entry.pairId(), entry.partner(), entry.supersedes()));
        }
        return shown;
    }

    private Map<SaId, String> shownByTheModel() {
        Map<SaId, String> shown = new TreeMap<>();
        model.living.forEach((id, sa) -> shown.put(
                id,
                shown(
                        sa.state,
                        sa.spi,
                        sa.couple.map(couple -> couple.id).orElse(PairId.NONE),
                        model.partner(id),
                        sa.couple
                                .flatMap(couple -> couple.superseded)
                                .map(couple -> couple.id)
                                .orElse(PairId.NONE))));
        return shown;
    }

    private static String shown(SaState state, String spi, PairId pair, Optional<SaId> partner, PairId supersedes) {
        return state + " spi=" + spi + " pair=" + pair + " partner=" + partner + " supersedes=" + supersedes;
    }

    private Expected doToBoth(Action action) {
        int which = action.which;
        String spi = SPIS.get(which % SPIS.size());
        long[] limits = LIFETIMES.get(which % LIFETIMES.size());
        String name = PAIR_NAMES.get(which % PAIR_NAMES.size());
        Optional<SaId> picked = pick(which);
        return switch (action.verb) {
            case GET_SPI -> getSpi(spi);
            case ADD_INBOUND -> add(true, spi, limits, "");
            case ADD_OUTBOUND -> add(false, spi, limits, "");
            case ADD_INBOUND_OF_A_PAIR -> add(true, spi, limits, name);
            case ADD_OUTBOUND_OF_A_PAIR -> add(false, spi, limits, name);
            case ADD_AGAIN -> addAgain(which % 2, which / 2 % 2);
            case INSTALL_PAIR -> installPair(spi, SPIS.get(which / 7 % SPIS.size()), limits, PairId.NONE);
            case SUPERSEDE -> installPair(spi, SPIS.get(which / 7 % SPIS.size()), limits, pickPair(which));
            case COMPLETE ->
                picked.map(id -> complete(id, limits, which % 3 == 0 ? name : ""))
                        .orElse(Expected.NOTHING);
            case COMPLETE_ANOTHERS -> picked.map(this::completeAnothers).orElse(Expected.NOTHING);
            case CHANGE_LIFETIME -> picked.map(id -> changeLifetime(id, limits)).orElse(Expected.NOTHING);
            case DELETE -> picked.map(id -> delete(id, false)).orElse(Expected.NOTHING);
            case DELETE_PAIR -> picked.map(id -> delete(id, true)).orElse(Expected.NOTHING);
            case FLUSH -> flush();
            case PASS -> {
                f.pass(STEPS.get(which % STEPS.size()));
                yield Expected.events(model.pass(f.nanos));
            }
            case SOFT -> picked.map(this::soft).orElse(Expected.NOTHING);
            case HARD -> picked.map(this::hard).orElse(Expected.NOTHING);
        };
    }

    private Expected getSpi(String spi) {
        SpiRange one = new SpiRange(Octets.ofHex(spi), Octets.ofHex(spi));
        Optional<SaError> objection = model.objection(true, spi);
        Optional<SadbEntry> entry = answered(objection, () -> f.getSpi(one));
        entry.ifPresent(e -> model.enter(e.id(), true, spi, SaState.LARVAL, f.nanos, 0, 0));
        return Expected.events(entry.isPresent() ? 1 : 0);
    }

    private Expected add(boolean in, String spi, long[] limits, String pairName) {
        Optional<SaError> objection = model.objection(in, spi).or(() -> crowded(pairName, in));
        Optional<SadbEntry> entry =
                answered(objection, () -> f.add(parameters(in, spi, lifetime(limits)), f.keys(), pairName));
        entry.ifPresent(e -> {
            model.enter(e.id(), in, spi, SaState.MATURE, f.nanos, limits[0], limits[1]);
            joinNamed(e, pairName);
        });
        return Expected.events(entry.isPresent() ? 1 : 0);
    }

    /** A side that a pair has, or had, cannot come a second time while the pair lives. */
    private Optional<SaError> crowded(String pairName, boolean in) {
        return model.named(pairName)
                .filter(couple -> !pairName.isEmpty() && couple.sides.contains(in))
                .map(couple -> SaError.SA_EXISTS);
    }

    private void joinNamed(SadbEntry entry, String pairName) {
        if (!pairName.isEmpty()) {
            NaiveSadb.Couple couple =
                    model.named(pairName).orElseGet(() -> model.couple(entry.pairId(), pairName, Optional.empty()));
            model.join(entry.id(), couple);
        }
    }

    /** With a request id: the first of two variants that is granted is answered for ever. */
    private Expected addAgain(int requestId, int variant) {
        String spi = SPIS.get(requestId + 3 * variant);
        Origin origin = new Origin(ALICE, Octets.of((byte) requestId), 0);
        Answered first = answered.get(requestId);
        Optional<SaError> objection = first == null
                ? model.objection(true, spi)
                : Optional.of(SaError.REQUEST_ID_REUSED).filter(error -> first.variant != variant);
        Optional<SadbEntry> entry = answered(objection, () -> f.seen(f.sadb.add(
                        f.now(),
                        new Add(
                                origin,
                                parameters(true, spi, Lifetime.UNLIMITED),
                                SadbFixture.keys(1_000_000 + 2 * requestId + variant),
                                "")))
                .reply());
        if (entry.isEmpty()) {
            return Expected.NOTHING;
        }
        SaId id = entry.get().id();
        if (first != null) {
            assertThat(id).isEqualTo(first.id);
            return Expected.NOTHING;
        }
        answered.put(requestId, new Answered(variant, id));
        model.enter(id, true, spi, SaState.MATURE, f.nanos, 0, 0);
        return Expected.events(1);
    }

    private Expected installPair(String in, String out, long[] limits, PairId supersedes) {
        Optional<SaId> larval = model.larval(in);
        Optional<NaiveSadb.Couple> superseded = model.livingCouple(supersedes);
        Optional<SaError> objection = larval.isPresent() ? Optional.empty() : model.objection(true, in);
        objection = objection.or(() -> model.objection(false, out));
        objection = objection.or(
                () -> Optional.of(SaError.NO_SUCH_SA).filter(error -> !supersedes.isNone() && superseded.isEmpty()));
        Optional<InstalledPair> pair = answered(objection, () -> f.seen(f.sadb.installPair(
                        f.now(),
                        new InstallPair(
                                Origin.of(ALICE),
                                parameters(true, in, lifetime(limits)),
                                f.keys(),
                                parameters(false, out, lifetime(limits)),
                                f.keys(),
                                supersedes)))
                .reply());
        if (pair.isEmpty()) {
            return Expected.NOTHING;
        }
        SaId inbound = pair.get().inbound().id();
        SaId outbound = pair.get().outbound().id();
        larval.ifPresent(id -> assertThat(inbound).isEqualTo(id));
        model.enter(inbound, true, in, SaState.MATURE, f.nanos, limits[0], limits[1]);
        model.enter(outbound, false, out, SaState.MATURE, f.nanos, limits[0], limits[1]);
        NaiveSadb.Couple couple = model.couple(pair.get().inbound().pairId(), "", superseded);
        model.join(inbound, couple);
        model.join(outbound, couple);
        return Expected.events(2);
    }

    private Expected complete(SaId id, long[] limits, String pairName) {
        NaiveSadb.Sa sa = model.living.get(id);
        Optional<SaError> objection = sa.state == SaState.LARVAL ? crowded(pairName, true) : immutable();
        Complete request = new Complete(
                Origin.of(ALICE),
                new SaSelector.ById(id),
                parameters(sa.inbound, sa.spi, lifetime(limits)),
                f.keys(),
                pairName);
        Optional<SadbEntry> entry = answered(
                objection, () -> f.seen(f.sadb.complete(f.now(), request)).reply());
        entry.ifPresent(e -> {
            model.enter(id, true, sa.spi, SaState.MATURE, f.nanos, limits[0], limits[1]);
            joinNamed(e, pairName);
        });
        return Expected.events(entry.isPresent() ? 1 : 0);
    }

    private static Optional<SaError> immutable() {
        return Optional.of(SaError.IMMUTABLE);
    }

    private Expected completeAnothers(SaId id) {
        NaiveSadb.Sa sa = model.living.get(id);
        Complete request = new Complete(
                Origin.of(BOB),
                new SaSelector.ById(id),
                parameters(sa.inbound, sa.spi, Lifetime.UNLIMITED),
                f.keys(),
                "");
        f.refused(SaError.NOT_PERMITTED, () -> f.sadb.complete(f.now(), request));
        return Expected.NOTHING;
    }

    private Expected changeLifetime(SaId id, long[] limits) {
        NaiveSadb.Sa sa = model.living.get(id);
        ChangeLifetime request = new ChangeLifetime(Origin.of(ALICE), new SaSelector.ById(id), null, lifetime(limits));
        if (sa.state == SaState.LARVAL) {
            f.refused(SaError.WRONG_STATE, () -> f.sadb.changeLifetime(f.now(), request));
            return Expected.NOTHING;
        }
        f.seen(f.sadb.changeLifetime(f.now(), request));
        sa.soft = limits[0];
        sa.hard = limits[1];
        boolean softMet = sa.soft != 0 && (f.nanos - sa.added) / 1_000_000_000L >= sa.soft;
        if (sa.state == SaState.DYING && !softMet) {
            sa.state = SaState.MATURE;
        }
        return Expected.events(1);
    }

    private Expected delete(SaId id, boolean wholePair) {
        Optional<SaId> partner = wholePair ? model.partner(id) : Optional.empty();
        List<SaId> ending = partner.map(other -> List.of(id, other)).orElse(List.of(id));
        List<SaId> ended = f.seen(f.sadb.delete(f.now(), ALICE, new SaSelector.ById(id), wholePair))
                .reply();
        assertThat(ended).containsExactlyInAnyOrderElementsOf(ending);
        return new Expected(ending.size(), model.delete(ending, f.nanos));
    }

    private Expected flush() {
        List<SaId> ending = List.copyOf(model.living.keySet());
        assertThat(f.seen(f.sadb.flush(f.now(), ALICE, SaFilter.ALL)).reply()).isEqualTo(ending.size());
        return new Expected(ending.size() + 1, model.delete(ending, f.nanos));
    }

    private Expected soft(SaId id) {
        NaiveSadb.Sa sa = model.living.get(id);
        boolean ages = sa.state == SaState.MATURE;
        f.seen(f.sadb.soft(f.now(), id, ExpireCause.SEQUENCE));
        if (ages) {
            sa.state = SaState.DYING;
        }
        return Expected.events(ages ? 1 : 0);
    }

    private Expected hard(SaId id) {
        boolean ends = model.living.get(id).state != SaState.LARVAL;
        f.seen(f.sadb.hard(f.now(), id, ExpireCause.SEQUENCE));
        if (ends) {
            model.end(id, f.nanos);
        }
        return Expected.events(ends ? 1 : 0);
    }

    /** The answer, where there is no objection; else the refusal must be that one. */
    private static <R> Optional<R> answered(Optional<SaError> objection, Supplier<R> verb) {
        Optional<SaError> refusal = Optional.empty();
        Optional<R> answer = Optional.empty();
        try {
            answer = Optional.of(verb.get());
        } catch (SaException e) {
            refusal = Optional.of(e.error());
        }
        assertThat(refusal).isEqualTo(objection);
        return answer;
    }

    private Optional<SaId> pick(int which) {
        List<SaId> ids = List.copyOf(model.living.keySet());
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(which % ids.size()));
    }

    /** A pair that there is, or was, or that never was. */
    private PairId pickPair(int which) {
        int at = which % (model.couples.size() + 1);
        return at == model.couples.size() ? new PairId(1) : model.couples.get(at).id;
    }

    private static SaParameters parameters(boolean inbound, String spi, Lifetime lifetime) {
        return SadbFixture.parameters(
                inbound ? Direction.INBOUND : Direction.OUTBOUND, spi, SadbFixture.PEER, new History.Fresh(), lifetime);
    }

    private static Lifetime lifetime(long[] limits) {
        return SadbFixture.softTime(Duration.ofSeconds(limits[0]), Duration.ofSeconds(limits[1]));
    }
}
