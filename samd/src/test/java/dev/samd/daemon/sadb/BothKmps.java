// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.KmpFixture.KMPD;
import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.policy.PolicySelector;
import dev.samd.daemon.sadb.BothInstalls.Wish;
import dev.samd.daemon.sadb.NaiveAcquires.Kmp;
import dev.samd.daemon.sadb.NaiveAcquires.Open;
import dev.samd.daemon.sadb.NaiveAcquires.Want;
import dev.samd.daemon.sadb.NaivePolicy.Party;
import dev.samd.daemon.sadb.NaiveSadb.Couple;
import dev.samd.daemon.sadb.NaiveSadb.Sa;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** What KMPs do, and what is done to them, to both databases. */
final class BothKmps {
    static final List<String> NAMES = List.of("ace", "psk");
    static final List<String> TARGETS = List.of("coap://sensor-1", "coap://sensor-2");
    /** Enough that those in quarantine leave some. */
    static final List<String> SPIS = Stream.concat(
                    BothSadbs.SPIS.stream(), IntStream.range(0x10, 0x40).mapToObj(Integer::toHexString))
            .toList();

    private static final List<NaivePolicy> POLICIES = List.of(
            new NaivePolicy("sensors", List.of("ace", "psk")),
            new NaivePolicy("sensors", List.of("psk", "ace")),
            new NaivePolicy("sensors", List.of("psk")),
            new NaivePolicy("readers", List.of("psk", "ace")),
            NaivePolicy.NONE);

    private final BothSadbs both;
    private final SadbFixture f;
    private final NaiveSadb model;
    private final Map<Long, Octets> claims = new HashMap<>();
    private final Map<Want, Need> questions = new HashMap<>();
    private int heard;

    BothKmps(BothSadbs both) {
        this.both = both;
        this.f = both.f;
        this.model = both.model;
    }

    void begin() {
        changePolicy(POLICIES.get(0));
        NAMES.forEach(name -> register(name, KMPD));
    }

    void doToBoth(BothSadbs.Action action) {
        Dice dice = new Dice(action.which());
        switch (action.verb()) {
            case REGISTER -> register(dice.of(NAMES), dice.oneIn(4) ? BOB : KMPD);
            case UNREGISTER -> unregister(dice);
            case PROTECT -> protect(dice.of(TARGETS));
            case LEAVE -> leave(dice);
            case ACCEPT, DECLINE, PROGRESS -> say(action.verb(), dice);
            case FAIL -> fail(dice);
            case RESERVE_IN_ANSWER -> reserve(dice);
            case ADD_IN_ANSWER -> add(dice);
            case INSTALL_IN_ANSWER -> installInAnswer(dice);
            case INSTALL_UNASKED -> installUnasked(dice);
            case USE -> both.pick(action.which()).ifPresent(this::use);
            case CONFIRM -> confirm(dice);
            case CHANGE_POLICY -> changePolicy(dice.of(POLICIES));
            default -> new KmpStories(both, this).tell(action);
        }
        hear();
    }

    /** What KMPs know by now: which sequence numbers there are, and which claims. */
    private void hear() {
        List<Notice> news = f.notices.subList(heard, f.notices.size());
        both.said.notices(news);
        for (Notice notice : news) {
            if (notice instanceof Notice.Claimed claimed) {
                claims.put(claimed.sequence(), claimed.claim());
            }
        }
        heard = f.notices.size();
    }

    /** What nothing but a question shows: which needs are open, and which are held down. */
    void compare() {
        assertThat(f.sadb.openAcquires()).isEqualTo(model.acquires.open.size());
        for (String target : TARGETS) {
            for (String policy : List.of("sensors", "readers")) {
                compare(new Want(target, policy, PairId.NONE));
            }
        }
        for (Couple couple : model.couples) {
            compare(new Want(couple.party.peer(), "", couple.id));
        }
    }

    private void compare(Want want) {
        if (model.acquires.find(want).isEmpty()) {
            Need need = questions.computeIfAbsent(want, w -> need(w, List.of("nobody")));
            SaException e = Assertions.catchThrowableOfType(SaException.class, () -> f.sadb.acquire(f.now(), need));
            assertThat(e).as("%s is not open", want).isNotNull();
            assertThat(e.error())
                    .as("%s", want)
                    .isEqualTo(model.acquires.isHeldDown(want) ? SaError.HELD_DOWN : SaError.NO_KMP);
        }
    }

    private static Need need(Want want, List<String> kmps) {
        Endpoint target = Endpoint.parse(want.target());
        return new Need(
                Endpoint.HOST_WIDE,
                target,
                "",
                want.policy(),
                kmps,
                "",
                Proposal.of(entry("sensors", kmps), target),
                want.replaces());
    }

    private static PolicyEntry entry(String name, List<String> kmps) {
        PolicyEntry like = KmpFixture.ENTRY;
        return new PolicyEntry(
                name,
                like.action(),
                kmps,
                like.identities(),
                like.suites(),
                like.content(),
                like.form(),
                like.lifetime(),
                like.window(),
                like.reqid(),
                like.fresh());
    }

    private void register(String name, String principal) {
        Optional<SaError> objection = model.acquires.register(name, principal);
        both.answered(objection, () -> f.seen(f.sadb.register(f.now(), new KmpRegistration(name, principal, Set.of())))
                        .reply())
                .ifPresent(number -> assertThat(model.acquires.serving)
                        .last()
                        .extracting(Kmp::number)
                        .isEqualTo(number));
    }

    private void unregister(Dice dice) {
        List<Long> serving = model.acquires.serving.stream().map(Kmp::number).toList();
        unregister(serving.isEmpty() || dice.oneIn(4) ? 1 + dice.draw(8) : dice.of(serving));
    }

    private void unregister(long number) {
        boolean served = model.acquires.unregister(number);
        assertThat(f.seen(f.sadb.unregister(f.now(), number)).reply()).isEqualTo(served);
    }

    void protect(String target) {
        if (model.policy.name().isEmpty()) {
            return;
        }
        Want want = new Want(target, model.policy.name(), PairId.NONE);
        Optional<SaError> objection = model.acquires.protect(target);
        both.answered(objection, () -> f.seen(f.sadb.acquire(f.now(), need(want, model.policy.kmps())))
                        .reply())
                .ifPresent(number -> both.said.waiting(number, want));
    }

    private void leave(Dice dice) {
        List<Long> numbers = both.said.numbers();
        if (numbers.isEmpty()) {
            return;
        }
        // Numbers are not used again: the last one of a need may be that of an open one.
        long number = numbers.get(numbers.size() - 1 - dice.draw(Math.min(2, numbers.size())));
        Want want = both.said.waitedFor(number);
        boolean last = numbers.stream()
                .filter(other -> both.said.waitedFor(other).equals(want))
                .allMatch(other -> other <= number);
        if (last) {
            f.sadb.left(number);
            model.acquires.find(want).filter(open -> open.waiting > 0).ifPresent(open -> open.waiting--);
        }
    }

    /** A number that an open ACQUIRE has, mostly; else one that any ever had. */
    private Optional<Long> sequence(Dice dice) {
        List<Long> ever = both.said.sequences();
        List<Long> open = ever.stream()
                .filter(number -> model.acquires.find(both.said.label(number)).isPresent())
                .toList();
        List<Long> from = open.isEmpty() || dice.oneIn(8) ? ever : open;
        return from.isEmpty() ? Optional.empty() : Optional.of(dice.of(from));
    }

    private void say(BothSadbs.Verb verb, Dice dice) {
        Optional<Long> found = sequence(dice);
        if (found.isEmpty()) {
            return;
        }
        long sequence = found.get();
        String label = both.said.label(sequence);
        long its = model.acquires.find(label).map(open -> open.kmp.number()).orElse(1L);
        say(verb, dice.oneIn(8) ? 1 + dice.draw(3) : its, sequence, label);
    }

    /** A KMP says something of what is offered to it. */
    void say(BothSadbs.Verb verb, Open open) {
        hear();
        both.said.sequences().stream()
                .filter(sequence -> both.said.label(sequence).equals(open.label()))
                .forEach(sequence -> say(verb, open.kmp.number(), sequence, open.label()));
    }

    private void say(BothSadbs.Verb verb, long kmp, long sequence, String label) {
        switch (verb) {
            case ACCEPT -> {
                f.seen(f.sadb.accept(f.now(), kmp, sequence));
                model.acquires.accept(kmp, label);
            }
            case DECLINE -> {
                f.seen(f.sadb.decline(f.now(), kmp, sequence, "no"));
                model.acquires.decline(kmp, label);
            }
            default -> {
                f.seen(f.sadb.progress(f.now(), kmp, sequence));
                model.acquires.progress(kmp, label);
            }
        }
    }

    /**
     * An answer to an ACQUIRE.
     *
     * @param open the ACQUIRE, if it may be answered so
     */
    private record Answer(Origin origin, Want want, Optional<Open> open) {}

    private Optional<Answer> answer(Dice dice) {
        return sequence(dice).map(sequence -> {
            Optional<Open> open = model.acquires.find(both.said.label(sequence));
            boolean bad = dice.oneIn(10);
            Octets claim = bad ? Octets.ofHex("00".repeat(16)) : claims.getOrDefault(sequence, Octets.EMPTY);
            String principal = open.map(acquire -> acquire.kmp.principal()).orElse(KMPD);
            Want want = open.map(acquire -> acquire.want).orElse(new Want(TARGETS.get(0), "", PairId.NONE));
            return new Answer(
                    new Origin(principal, Octets.EMPTY, sequence, claim),
                    want,
                    open.filter(acquire -> acquire.isAnswerable() && !bad));
        });
    }

    private static Optional<SaError> stale(Answer answer) {
        return Optional.of(SaError.STALE_ACQUIRE).filter(error -> answer.open.isEmpty());
    }

    private void fail(Dice dice) {
        answer(dice).ifPresent(answer -> both.answered(
                        stale(answer), () -> f.seen(f.sadb.failAcquire(f.now(), answer.origin, 111, ""))
                                .reply())
                .ifPresent(done -> model.acquires.fail(answer.open.orElseThrow())));
    }

    private void reserve(Dice dice) {
        answer(dice).ifPresent(answer -> reserve(answer, dice.of(SPIS)));
    }

    /** A KMP reserves an SPI for what it works on. */
    void reserve(Open open, String spi) {
        hear();
        both.said.sequences().stream()
                .filter(sequence -> both.said.label(sequence).equals(open.label()))
                .map(sequence -> new Origin(open.kmp.principal(), Octets.EMPTY, sequence, claims.get(sequence)))
                .forEach(origin ->
                        reserve(new Answer(origin, open.want, Optional.of(open).filter(Open::isAnswerable)), spi));
    }

    private void reserve(Answer answer, String spi) {
        SpiRange one = new SpiRange(Octets.ofHex(spi), Octets.ofHex(spi));
        GetSpi request = new GetSpi(answer.origin, Endpoint.parse(answer.want.target()), Endpoint.HOST_WIDE, one);
        both.answered(stale(answer).or(() -> model.inboundObjection(spi)), () -> f.seen(f.sadb.getSpi(f.now(), request))
                        .reply())
                .ifPresent(entry -> {
                    Open open = answer.open.orElseThrow();
                    model.reserve(entry.id(), spi, answer.origin.principal(), open.want.target(), open.label());
                    open.made.add(entry.id());
                });
    }

    /** Whom a KMP brings in answer: the one who was asked for, mostly. */
    private static Party brought(Answer answer, Dice dice) {
        String kmp = answer.open.map(open -> open.kmp.name()).orElse("ace");
        String target = answer.want.target();
        return new Party(target, kmp, dice.oneIn(10) ? "stranger" : NaivePolicy.host(target));
    }

    private void add(Dice dice) {
        answer(dice).ifPresent(answer -> {
            Party party = brought(answer, dice);
            boolean in = dice.oneIn(2);
            String spi = dice.of(SPIS);
            BothSadbs.Seconds limits = dice.of(BothSadbs.LIFETIMES);
            Optional<SaError> objection = stale(answer)
                    .or(() -> both.installs.notAsked(answer.open, party))
                    .or(() -> model.objection(in, spi, party));
            Add request = new Add(answer.origin, BothInstalls.parameters(in, spi, party, limits), f.keys(), "");
            both.answered(objection, () -> f.seen(f.sadb.add(f.now(), request)).reply())
                    .ifPresent(entry -> {
                        model.install(entry.id(), in, spi, answer.origin.principal(), party, limits);
                        model.acquires.answered(answer.open.orElseThrow(), entry.id());
                    });
        });
    }

    private void installInAnswer(Dice dice) {
        answer(dice).ifPresent(answer -> {
            String in = answer.open.stream()
                    .flatMap(open -> open.made.stream())
                    .map(model.living::get)
                    .filter(sa -> sa != null && sa.state == SaState.LARVAL)
                    .map(sa -> sa.spi)
                    .findFirst()
                    .filter(spi -> !dice.oneIn(4))
                    .orElseGet(() -> dice.of(SPIS));
            PairId supersedes = dice.oneIn(6) ? both.pickPair(dice.draw(100)) : answer.want.replaces();
            Optional<PairRole> role = role(dice);
            both.installs.install(new Wish(
                    answer.origin,
                    answer.open,
                    in,
                    dice.of(SPIS),
                    brought(answer, dice),
                    dice.of(BothSadbs.LIFETIMES),
                    supersedes,
                    role,
                    role.isPresent() && !dice.oneIn(4)));
        });
    }

    private void installUnasked(Dice dice) {
        List<Couple> living = model.couples.stream()
                .filter(couple -> model.lives(couple) && couple.owner.equals(KMPD))
                .toList();
        boolean successor = !living.isEmpty() && !dice.oneIn(3);
        Optional<Couple> superseded = successor ? Optional.of(dice.of(living)) : Optional.empty();
        String target = dice.of(TARGETS);
        Party party = superseded
                .map(couple -> couple.party)
                .filter(p -> !dice.oneIn(6))
                .orElse(new Party(target, dice.of(NAMES), NaivePolicy.host(target)));
        Optional<PairRole> role = role(dice);
        both.installs.install(new Wish(
                Origin.of(KMPD),
                Optional.empty(),
                dice.of(SPIS),
                dice.of(SPIS),
                party,
                dice.of(BothSadbs.LIFETIMES),
                superseded.map(couple -> couple.id).orElse(PairId.NONE),
                role,
                role.isPresent() && !dice.oneIn(4)));
    }

    private static Optional<PairRole> role(Dice dice) {
        Optional<PairRole> initiator = Optional.of(PairRole.INITIATOR);
        return dice.of(List.of(Optional.empty(), initiator, initiator, Optional.of(PairRole.RESPONDER)));
    }

    /** An SA, and the other one of its pair, are used. */
    void use(SaId id) {
        List<SaId> used = model.living.get(id).couple.map(model::members).orElse(List.of(id));
        for (SaId one : used) {
            Sa sa = model.living.get(one);
            if (sa.state != SaState.LARVAL) {
                boolean first = sa.lastUsed.isEmpty();
                f.use(f.sadb.get(new SaSelector.ById(one)), 1, 1, 1);
                f.seen(f.sadb.used(f.now(), one, f.nanos));
                sa.lastUsed = Optional.of(model.now);
                if (first && sa.state == SaState.DYING) {
                    sa.couple.ifPresent(model.acquires::wanted);
                }
            }
        }
    }

    private void confirm(Dice dice) {
        List<SaId> inbound = model.living.entrySet().stream()
                .filter(e -> e.getValue().inbound)
                .map(Map.Entry::getKey)
                .toList();
        List<SaId> waiting = inbound.stream()
                .filter(id -> model.living
                        .get(id)
                        .couple
                        .flatMap(couple -> couple.waitingAs)
                        .isPresent())
                .toList();
        List<SaId> from = waiting.isEmpty() ? inbound : waiting;
        if (!from.isEmpty()) {
            confirm(dice.of(from));
        }
    }

    void confirm(SaId id) {
        assertThat(f.seen(f.sadb.confirmed(f.now(), id)).reply()).isEqualTo(model.confirm(id));
    }

    private void changePolicy(NaivePolicy policy) {
        Policies policies = policy.name().isEmpty()
                ? Policies.NONE
                : Policies.of(List.of(new Policy(PolicySelector.ALL, entry(policy.name(), policy.kmps()))));
        f.seen(f.sadb.policyChanged(f.now(), ALICE, policies));
        model.policy = policy;
        model.say("POLICIES " + policies.size());
        model.acquires.policyChanged();
    }
}
