// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.sadb.NaivePolicy.Party;
import dev.samd.daemon.sadb.NaiveSadb.Couple;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The database and the naive one: each action is done to both, and what the first says is held against the second. */
final class BothSadbs {
    /** SPIs of which some are prefixes of others. */
    static final List<String> SPIS = List.of("01", "02", "0101", "0102", "010203", "0201", "03");

    /** Limits of time; 0 is none. */
    record Seconds(long soft, long hard) {}

    static final List<Seconds> LIFETIMES = List.of(
            new Seconds(0, 0), new Seconds(60, 120), new Seconds(60, 60), new Seconds(120, 60), new Seconds(30, 0));

    private static final List<Duration> STEPS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(29), Duration.ofSeconds(60), Duration.ofSeconds(247));

    /** A KMP has five seconds to accept: mostly short ones. */
    private static final List<Duration> SMALLER_STEPS = Stream.of(1, 1, 1, 3, 5, 29, 29, 93, 100, 247)
            .map(Duration::ofSeconds)
            .toList();

    private static final List<String> PAIR_NAMES = List.of("a", "b");
    private static final Party BY_HAND = Party.manual(SadbFixture.PEER.uri());
    private static final String STRANGER = "uid:4711";

    /** One thing to do; {@code which} picks the SPI, the SA, the lifetime, the pair or the time. */
    record Action(Verb verb, int which) {}

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
        /** Time passes, and the database sees it too late. */
        OVERSLEEP,
        /** Time passes, and the database sees it whenever it has to. */
        PASS,
        SOFT,
        HARD,
        REGISTER,
        UNREGISTER,
        PROTECT,
        LEAVE,
        ACCEPT,
        DECLINE,
        PROGRESS,
        FAIL,
        RESERVE_IN_ANSWER,
        ADD_IN_ANSWER,
        INSTALL_IN_ANSWER,
        INSTALL_UNASKED,
        USE,
        CONFIRM,
        CHANGE_POLICY,
        /** A call needs SAs, and a KMP takes that over. */
        CLAIM,
        /** A claim is kept until there is no more time. */
        WORK_ON,
        /** One need fails again and again. */
        INSIST,
        /** A peer makes one pair after the other. */
        FLOOD,
        /** A pair is used until it comes to its end. */
        WEAR,
        /** A pair gets a successor, and all that comes of it has its time. */
        SUCCEED,
        /** Both ends make a successor of one pair at once. */
        CROSS
    }

    final SadbFixture f = new SadbFixture();
    final NaiveSadb model = new NaiveSadb(f.nanos);
    final SaidBySadb said = new SaidBySadb();
    final BothInstalls installs = new BothInstalls(this);
    private final BothKmps kmps = new BothKmps(this);
    /** What the events said last about each SA. */
    private final Map<SaId, SaState> told = new HashMap<>();

    private final Map<Integer, Answered> answered = new HashMap<>();

    private record Answered(int variant, SaId id) {}

    /** Does it to both, and compares what they are afterwards and what was said of it. */
    void act(Action action) {
        // No two actions at one moment: which of two limits of one moment is met first is left to chance.
        f.later(Duration.ofNanos(1000));
        model.now = f.nanos;
        model.told.begin();
        long before = f.sadb.cursor().revision();
        int eventsBefore = f.events.size();
        int changesBefore = f.changes.size();
        int noticesBefore = f.notices.size();

        doToBoth(action);

        List<SadbEvent> events = f.events.subList(eventsBefore, f.events.size());
        List<Notice> notices = f.notices.subList(noticesBefore, f.notices.size());
        assertThat(said.notices(notices)).as("%s", action).containsExactlyInAnyOrderElementsOf(model.told.notices);
        assertThat(said.events(events)).as("%s", action).containsExactlyInAnyOrderElementsOf(model.told.events);
        assertThat(f.sadb.cursor().revision()).isEqualTo(before + events.size());
        assertThat(closeNotified(f.changes.subList(changesBefore, f.changes.size())))
                .as("close_notify of %s", action)
                .isEqualTo(model.told.closeNotified);
        assertThat(gaveWay(f.changes.subList(changesBefore, f.changes.size())))
                .as("pairs that gave way in %s", action)
                .isEqualTo(model.told.gaveWay);
        events.forEach(event -> event.about().ifPresent(entry -> told.put(entry.id(), entry.state())));
        told.values().removeIf(state -> state == SaState.DEAD);
        Map<SaId, SaState> states = new TreeMap<>();
        model.living.forEach((id, sa) -> states.put(id, sa.state));
        assertThat(told).as("what the events say after %s", action).isEqualTo(states);
        assertThat(shownByTheDatabase()).as("%s", action).isEqualTo(shownByTheModel());
        kmps.compare();
        model.next().ifPresent(next -> assertThat(next - f.sadb.nextDeadline().orElseThrow())
                .as("the database wakes up in time after %s", action)
                .isNotNegative());
    }

    /** Actions, and whatever of interest they led to. */
    Set<String> reached() {
        return model.told.reached;
    }

    /** Two KMPs serve, and a policy asks for what they make. */
    void withKmps() {
        kmps.begin();
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

    private static Map<PairId, PairId> gaveWay(List<Change> changes) {
        Map<PairId, PairId> pairs = new HashMap<>();
        for (Change change : changes) {
            if (change instanceof Change.GaveWay gaveWay) {
                pairs.put(gaveWay.pair(), gaveWay.by());
            }
        }
        return pairs;
    }

    private Map<SaId, String> shownByTheDatabase() {
        Map<SaId, String> shown = new TreeMap<>();
        for (SadbEntry entry : f.sadb.dump(SaFilter.ALL).entries()) {
            String scope = entry.scope().stream().map(Endpoint::uri).collect(Collectors.joining(" "));
            String identity = entry.parameters()
                    .map(p -> p.identity().kmp() + " " + p.identity().value())
                    .orElse("");
            shown.put(
                    entry.id(),
                    entry.state() + " " + entry.direction() + " spi=" + entry.spi() + " owner=" + entry.owner()
                            + " pair=" + entry.pairId() + " partner=" + entry.partner() + " supersedes="
                            + entry.supersedes() + " identity=" + identity + " scope=" + scope + " unconfirmed="
                            + entry.unconfirmed());
        }
        return shown;
    }

    private Map<SaId, String> shownByTheModel() {
        Map<SaId, String> shown = new TreeMap<>();
        model.living.forEach((id, sa) -> {
            boolean larval = sa.state == SaState.LARVAL;
            String scope = larval || !model.policy.admits(sa.party) ? "" : sa.party.peer();
            String identity = larval ? "" : sa.party.kmp() + " " + sa.party.value();
            PairId supersedes = sa.couple
                    .flatMap(couple -> couple.superseded)
                    .map(couple -> couple.id)
                    .orElse(PairId.NONE);
            shown.put(
                    id,
                    sa.state + " " + (sa.inbound ? Direction.INBOUND : Direction.OUTBOUND) + " spi=" + sa.spi
                            + " owner=" + sa.owner + " pair="
                            + sa.couple.map(couple -> couple.id).orElse(PairId.NONE) + " partner="
                            + model.partner(id) + " supersedes=" + supersedes + " identity=" + identity + " scope="
                            + scope + " unconfirmed="
                            + sa.couple.flatMap(couple -> couple.waitingAs).isPresent());
        });
        return shown;
    }

    private void doToBoth(Action action) {
        int which = action.which;
        String spi = SPIS.get(which % SPIS.size());
        String other = SPIS.get(which / 7 % SPIS.size());
        Seconds limits = LIFETIMES.get(which % LIFETIMES.size());
        String name = PAIR_NAMES.get(which % PAIR_NAMES.size());
        Duration step = STEPS.get(which % STEPS.size());
        Optional<SaId> picked = pick(which);
        switch (action.verb) {
            case GET_SPI -> getSpi(spi);
            case ADD_INBOUND -> add(true, spi, limits, "");
            case ADD_OUTBOUND -> add(false, spi, limits, "");
            case ADD_INBOUND_OF_A_PAIR -> add(true, spi, limits, name);
            case ADD_OUTBOUND_OF_A_PAIR -> add(false, spi, limits, name);
            case ADD_AGAIN -> addAgain(which % 2, which / 2 % 2);
            case INSTALL_PAIR -> installPair(spi, other, limits, PairId.NONE);
            case SUPERSEDE -> installPair(spi, other, limits, pickPair(which));
            case COMPLETE -> picked.ifPresent(id -> complete(id, limits, which % 3 == 0 ? name : ""));
            case COMPLETE_ANOTHERS -> picked.ifPresent(this::completeAnothers);
            case CHANGE_LIFETIME -> picked.ifPresent(id -> changeLifetime(id, limits));
            case DELETE -> picked.ifPresent(id -> delete(id, false));
            case DELETE_PAIR -> picked.ifPresent(id -> delete(id, true));
            case FLUSH -> flush();
            case OVERSLEEP -> {
                f.pass(step);
                model.pass(f.nanos);
            }
            case PASS -> pass(SMALLER_STEPS.get(which % SMALLER_STEPS.size()));
            case SOFT -> picked.ifPresent(this::soft);
            case HARD -> picked.ifPresent(this::hard);
            default -> kmps.doToBoth(action);
        }
    }

    /** Time passes, and the database sees every moment at which it has something to do. */
    void pass(Duration step) {
        long end = f.nanos + step.toNanos();
        for (Optional<Long> next = model.next(); next.isPresent() && next.get() - end <= 0; next = model.next()) {
            passUntil(next.get() - f.nanos > 0 ? next.get() : f.nanos);
        }
        passUntil(end);
    }

    private void passUntil(long moment) {
        f.pass(Duration.ofNanos(moment - f.nanos));
        model.pass(moment);
    }

    private void getSpi(String spi) {
        SpiRange one = new SpiRange(Octets.ofHex(spi), Octets.ofHex(spi));
        answered(model.inboundObjection(spi), () -> f.getSpi(one))
                .ifPresent(entry -> model.reserve(entry.id(), spi, ALICE, BY_HAND.peer(), ""));
    }

    private void add(boolean in, String spi, Seconds limits, String pairName) {
        Optional<SaError> objection = model.objection(in, spi, BY_HAND).or(() -> crowded(ALICE, pairName, in, BY_HAND));
        answered(objection, () -> f.add(parameters(in, spi, BY_HAND.peer(), lifetime(limits)), f.keys(), pairName))
                .ifPresent(entry -> {
                    model.install(entry.id(), in, spi, ALICE, BY_HAND, limits);
                    joinNamed(entry, pairName);
                    model.acquires.release(entry.id());
                });
    }

    /** A side that a pair has, or had, cannot come a second time while the pair lives, nor can one of another party. */
    private Optional<SaError> crowded(String owner, String pairName, boolean in, Party party) {
        return model.named(owner, pairName)
                .filter(couple -> !pairName.isEmpty())
                .flatMap(couple -> couple.sides.contains(in)
                        ? Optional.of(SaError.SA_EXISTS)
                        : Optional.of(SaError.MALFORMED).filter(error -> !couple.party.hasIdentityOf(party)));
    }

    private void joinNamed(SadbEntry entry, String pairName) {
        if (!pairName.isEmpty()) {
            NaiveSadb.Sa sa = model.living.get(entry.id());
            Couple couple = model.named(sa.owner, pairName)
                    .orElseGet(() -> model.couple(
                            entry.pairId(), pairName, sa.owner, sa.party, Optional.empty(), Optional.empty()));
            model.join(entry.id(), couple);
        }
    }

    /** With a request id: the first of two variants that is granted is answered for ever. */
    private void addAgain(int requestId, int variant) {
        String spi = SPIS.get(requestId + 3 * variant);
        Origin origin = new Origin(ALICE, Octets.of((byte) requestId), 0, Octets.EMPTY);
        Answered first = answered.get(requestId);
        Optional<SaError> objection = first == null
                ? model.inboundObjection(spi)
                : Optional.of(SaError.REQUEST_ID_REUSED).filter(error -> first.variant != variant);
        Optional<SadbEntry> entry = answered(objection, () -> f.seen(f.sadb.add(
                        f.now(),
                        new Add(
                                origin,
                                parameters(true, spi, BY_HAND.peer(), Lifetime.UNLIMITED),
                                SadbFixture.keys(1_000_000 + 2 * requestId + variant),
                                "")))
                .reply());
        if (entry.isPresent() && first != null) {
            assertThat(entry.get().id()).isEqualTo(first.id);
        } else if (entry.isPresent()) {
            answered.put(requestId, new Answered(variant, entry.get().id()));
            model.install(entry.get().id(), true, spi, ALICE, BY_HAND, new Seconds(0, 0));
        }
    }

    private void installPair(String in, String out, Seconds limits, PairId supersedes) {
        installs.install(new BothInstalls.Wish(
                Origin.of(ALICE), Optional.empty(), in, out, BY_HAND, limits, supersedes, Optional.empty(), false));
    }

    private void complete(SaId id, Seconds limits, String pairName) {
        NaiveSadb.Sa sa = model.living.get(id);
        Party party = Party.manual(sa.party.peer());
        Optional<SaError> objection = sa.state != SaState.LARVAL
                ? Optional.of(SaError.IMMUTABLE)
                : Optional.of(SaError.STALE_ACQUIRE).filter(error -> !sa.answering.isEmpty());
        Complete request = new Complete(
                Origin.of(sa.owner),
                new SaSelector.ById(id),
                parameters(sa.inbound, sa.spi, party.peer(), lifetime(limits)),
                f.keys(),
                pairName);
        answered(
                        objection.or(() -> crowded(sa.owner, pairName, true, party)),
                        () -> f.seen(f.sadb.complete(f.now(), request)).reply())
                .ifPresent(entry -> {
                    model.install(id, true, sa.spi, sa.owner, party, limits);
                    joinNamed(entry, pairName);
                });
    }

    private void completeAnothers(SaId id) {
        NaiveSadb.Sa sa = model.living.get(id);
        Complete request = new Complete(
                Origin.of(STRANGER),
                new SaSelector.ById(id),
                parameters(sa.inbound, sa.spi, sa.party.peer(), Lifetime.UNLIMITED),
                f.keys(),
                "");
        f.refused(SaError.NOT_PERMITTED, () -> f.sadb.complete(f.now(), request));
    }

    private void changeLifetime(SaId id, Seconds limits) {
        NaiveSadb.Sa sa = model.living.get(id);
        ChangeLifetime request =
                new ChangeLifetime(Origin.of(sa.owner), new SaSelector.ById(id), null, lifetime(limits));
        if (sa.state == SaState.LARVAL) {
            f.refused(SaError.WRONG_STATE, () -> f.sadb.changeLifetime(f.now(), request));
            return;
        }
        f.seen(f.sadb.changeLifetime(f.now(), request));
        sa.soft = limits.soft();
        sa.hard = limits.hard();
        boolean softMet = sa.soft != 0 && model.isOver(sa.added + sa.soft * NaiveSadb.SECOND);
        boolean replaced = sa.couple.map(couple -> couple.replaced).orElse(false);
        if (sa.state == SaState.DYING && !softMet && !replaced) {
            sa.state = SaState.MATURE;
        }
        model.say("UPDATE " + id);
    }

    void delete(SaId id, boolean wholePair) {
        Optional<SaId> partner = wholePair ? model.partner(id) : Optional.empty();
        List<SaId> ending = partner.map(other -> List.of(id, other)).orElse(List.of(id));
        List<SaId> ended = f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), new SaSelector.ById(id), wholePair))
                .reply();
        assertThat(ended).containsExactlyInAnyOrderElementsOf(ending);
        model.delete(ending);
    }

    private void flush() {
        List<SaId> ending = List.copyOf(model.living.keySet());
        assertThat(f.seen(f.sadb.flush(f.now(), ALICE, SaFilter.ALL)).reply()).isEqualTo(ending.size());
        model.delete(ending);
        model.say("FLUSH " + ending.size());
        model.acquires.flushed();
    }

    void soft(SaId id) {
        f.seen(f.sadb.soft(f.now(), id, ExpireCause.SEQUENCE));
        if (model.living.get(id).state == SaState.MATURE) {
            model.age(id, "SEQUENCE");
        }
    }

    private void hard(SaId id) {
        f.seen(f.sadb.hard(f.now(), id, ExpireCause.SEQUENCE));
        if (model.living.get(id).state != SaState.LARVAL) {
            model.expire(id, "SEQUENCE");
        }
    }

    /** The answer, where there is no objection; else the refusal must be that one. */
    <R> Optional<R> answered(Optional<SaError> objection, Supplier<R> verb) {
        Optional<SaError> refusal = Optional.empty();
        Optional<R> answer = Optional.empty();
        try {
            answer = Optional.of(verb.get());
        } catch (SaException e) {
            refusal = Optional.of(e.error());
        }
        assertThat(refusal).isEqualTo(objection);
        refusal.ifPresent(error -> model.told.reached.add(error.name()));
        return answer;
    }

    Optional<SaId> pick(int which) {
        List<SaId> ids = List.copyOf(model.living.keySet());
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(which % ids.size()));
    }

    /** A pair that there is, or was, or that never was. */
    PairId pickPair(int which) {
        int at = which % (model.couples.size() + 1);
        return at == model.couples.size() ? new PairId(1) : model.couples.get(at).id;
    }

    private static SaParameters parameters(boolean inbound, String spi, String peer, Lifetime lifetime) {
        return SadbFixture.parameters(
                inbound ? Direction.INBOUND : Direction.OUTBOUND,
                spi,
                Endpoint.parse(peer),
                new History.Fresh(),
                lifetime);
    }

    static Lifetime lifetime(Seconds limits) {
        return SadbFixture.softTime(Duration.ofSeconds(limits.soft()), Duration.ofSeconds(limits.hard()));
    }
}
