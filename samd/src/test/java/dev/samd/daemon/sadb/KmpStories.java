// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.KmpFixture.KMPD;

import dev.samd.daemon.sadb.BothInstalls.Wish;
import dev.samd.daemon.sadb.BothSadbs.Verb;
import dev.samd.daemon.sadb.NaiveAcquires.Open;
import dev.samd.daemon.sadb.NaiveAcquires.Want;
import dev.samd.daemon.sadb.NaivePolicy.Party;
import dev.samd.daemon.sadb.NaiveSadb.Couple;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What seldom happens by chance: several actions in a row, done to both databases. */
final class KmpStories {
    private final BothSadbs both;
    private final BothKmps kmps;
    private final NaiveSadb model;

    KmpStories(BothSadbs both, BothKmps kmps) {
        this.both = both;
        this.kmps = kmps;
        this.model = both.model;
    }

    void tell(BothSadbs.Action action) {
        Dice dice = new Dice(action.which());
        switch (action.verb()) {
            case CLAIM -> claim(dice);
            case WORK_ON -> workOn();
            case INSIST -> insist(dice.of(BothKmps.TARGETS));
            case FLOOD -> flood(dice);
            case WEAR -> wear(dice);
            case SUCCEED -> succeed(dice);
            case CROSS -> cross(dice);
            default -> throw new IllegalArgumentException(action.toString());
        }
    }

    private void claim(Dice dice) {
        String target = dice.of(BothKmps.TARGETS);
        kmps.protect(target);
        model.acquires
                .find(new Want(target, model.policy.name(), PairId.NONE))
                .ifPresent(open -> kmps.say(Verb.ACCEPT, open));
    }

    private void workOn() {
        Optional<Open> claimed =
                model.acquires.open.stream().filter(Open::isAnswerable).findFirst();
        for (int i = 0; i < 9 && claimed.isPresent(); i++) {
            both.pass(Duration.ofSeconds(29));
            kmps.say(Verb.PROGRESS, claimed.get());
        }
    }

    private void insist(String target) {
        Want want = new Want(target, model.policy.name(), PairId.NONE);
        for (int i = 0; i < 7; i++) {
            kmps.protect(target);
            for (Optional<Open> open = model.acquires.find(want); open.isPresent(); open = model.acquires.find(want)) {
                kmps.say(Verb.DECLINE, open.get());
            }
            kmps.protect(target);
            both.pass(Duration.ofSeconds(1L << i));
        }
    }

    private void flood(Dice dice) {
        String target = dice.of(BothKmps.TARGETS);
        Party party = new Party(target, dice.of(BothKmps.NAMES), NaivePolicy.host(target));
        int first = dice.draw(BothKmps.SPIS.size());
        for (int i = 0; i < 4; i++) {
            String spi = BothKmps.SPIS.get((first + i) % BothKmps.SPIS.size());
            both.installs.install(new Wish(
                    Origin.of(KMPD),
                    Optional.empty(),
                    spi,
                    spi,
                    party,
                    dice.of(BothSadbs.LIFETIMES),
                    PairId.NONE,
                    Optional.of(PairRole.RESPONDER),
                    true));
        }
    }

    private void wear(Dice dice) {
        List<Couple> living = model.couples.stream().filter(model::lives).toList();
        if (!living.isEmpty()) {
            Couple couple = dice.of(living);
            SaId id = dice.of(model.members(couple));
            kmps.use(id);
            both.soft(id);
            if (dice.oneIn(2)) {
                failSuccessor(couple, id);
            }
        }
    }

    private void succeed(Dice dice) {
        List<Couple> living = model.couples.stream()
                .filter(couple -> model.lives(couple) && couple.owner.equals(KMPD))
                .toList();
        if (living.isEmpty()) {
            return;
        }
        Couple old = dice.of(living);
        String spi = dice.of(BothKmps.SPIS);
        PairRole role = dice.of(List.of(PairRole.INITIATOR, PairRole.RESPONDER));
        Optional<Couple> fresh = succeed(old, spi, spi, role, dice.of(BothSadbs.LIFETIMES));
        if (dice.oneIn(2)) {
            fresh.ifPresent(this::confirm);
        }
        both.pass(Duration.ofSeconds(dice.of(List.of(59, 93, 186))));
    }

    private Optional<Couple> succeed(Couple old, String in, String out, PairRole role, BothSadbs.Seconds limits) {
        both.installs.install(new Wish(
                Origin.of(KMPD), Optional.empty(), in, out, old.party, limits, old.id, Optional.of(role), true));
        Couple last = model.couples.get(model.couples.size() - 1);
        return Optional.of(last).filter(couple -> couple.superseded.equals(Optional.of(old)) && model.lives(couple));
    }

    /** The peer has proven that it has the keys. */
    private void confirm(Couple couple) {
        model.members(couple).stream()
                .filter(id -> model.living.get(id).inbound)
                .forEach(kmps::confirm);
    }

    /** The KMP is asked for a successor, and has reserved the SPI of it. */
    private void begin(Couple old, String spi) {
        SaId id = model.members(old).get(0);
        kmps.use(id);
        both.soft(id);
        model.acquires.find(new Want(old.party.peer(), "", old.id)).ifPresent(open -> {
            kmps.say(Verb.ACCEPT, open);
            kmps.reserve(open, spi);
        });
    }

    private void cross(Dice dice) {
        List<Couple> living = model.couples.stream()
                .filter(couple -> model.lives(couple) && couple.owner.equals(KMPD))
                .toList();
        if (living.isEmpty()) {
            return;
        }
        Couple old = dice.of(living);
        int first = dice.draw(BothKmps.SPIS.size());
        int step = 1 + dice.draw(5);
        List<String> spis = IntStream.range(0, 5)
                .mapToObj(i -> BothKmps.SPIS.get((first + i * step) % BothKmps.SPIS.size()))
                .toList();
        if (dice.oneIn(3)) {
            begin(old, spis.get(4));
        }
        List<PairRole> roles = List.of(PairRole.INITIATOR, PairRole.RESPONDER);
        BothSadbs.Seconds limits = dice.of(BothSadbs.LIFETIMES);
        List<Couple> fresh = new ArrayList<>();
        succeed(old, spis.get(0), spis.get(2), dice.of(roles), limits).ifPresent(fresh::add);
        // Where one has the other's SPI, the greater of two decides.
        succeed(old, spis.get(1), spis.get(dice.oneIn(3) ? 0 : 3), dice.of(roles), limits)
                .ifPresent(fresh::add);
        if (dice.oneIn(2)) {
            Collections.reverse(fresh);
        }
        fresh.stream().filter(couple -> !dice.oneIn(4)).forEach(this::confirm);
        if (dice.oneIn(4) && model.lives(old)) {
            both.delete(model.members(old).get(0), true);
        }
        both.pass(Duration.ofSeconds(dice.of(List.of(1, 60, 93, 186))));
    }

    /** No successor can be made now, and the pair is used on: while that is held down its other SA comes to its end as well. */
    private void failSuccessor(Couple couple, SaId id) {
        model.acquires
                .find(new Want(couple.party.peer(), "", couple.id))
                .ifPresent(open -> kmps.say(Verb.DECLINE, open));
        both.pass(Duration.ofMillis(500));
        if (model.living.containsKey(id)) {
            kmps.use(id);
            model.partner(id).ifPresent(both::soft);
        }
        both.pass(Duration.ofSeconds(1));
    }
}
