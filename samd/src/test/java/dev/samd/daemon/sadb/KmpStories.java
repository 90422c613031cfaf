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
import java.util.List;
import java.util.Optional;

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
                    Optional.of(PairRole.RESPONDER)));
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
        both.installs.install(new Wish(
                Origin.of(KMPD),
                Optional.empty(),
                spi,
                spi,
                old.party,
                dice.of(BothSadbs.LIFETIMES),
                old.id,
                Optional.of(role)));
        Couple last = model.couples.get(model.couples.size() - 1);
        if (last.superseded.equals(Optional.of(old)) && dice.oneIn(2)) {
            model.members(last).stream()
                    .filter(id -> model.living.get(id).inbound)
                    .forEach(kmps::confirm);
        }
        both.pass(Duration.ofSeconds(dice.of(List.of(59, 93, 186))));
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
