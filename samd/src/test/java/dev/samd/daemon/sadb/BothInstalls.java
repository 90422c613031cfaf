// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.sadb.NaiveAcquires.Open;
import dev.samd.daemon.sadb.NaivePolicy.Party;
import dev.samd.daemon.sadb.NaiveSadb.Couple;
import dev.samd.daemon.sadb.NaiveSadb.Sa;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import java.util.Optional;

/** Installs pairs in both databases: in answer to an ACQUIRE, unasked, or by hand. */
final class BothInstalls {
    private final BothSadbs both;
    private final SadbFixture f;
    private final NaiveSadb model;

    BothInstalls(BothSadbs both) {
        this.both = both;
        this.f = both.f;
        this.model = both.model;
    }

    /** A pair that somebody wants to install. */
    record Wish(
            Origin origin,
            Optional<Open> answers,
            String in,
            String out,
            Party party,
            BothSadbs.Seconds limits,
            PairId supersedes,
            Optional<PairRole> role,
            boolean waits) {
        private Optional<PairRole> waitingAs() {
            return role.filter(side -> waits);
        }
    }

    void install(Wish wish) {
        Optional<SaId> larval = model.larval(wish.in);
        Optional<Couple> superseded = model.livingCouple(wish.supersedes);
        InstallPair request = new InstallPair(
                wish.origin,
                parameters(true, wish.in, wish.party, wish.limits),
                f.keys(),
                parameters(false, wish.out, wish.party, wish.limits),
                f.keys(),
                wish.supersedes,
                wish.role.orElse(null),
                wish.waits,
                KeyMaterial.adopt(new byte[0]));
        both.answered(objection(wish, larval, superseded), () -> f.seen(f.sadb.installPair(f.now(), request))
                        .reply())
                .ifPresent(pair -> {
                    SaId in = pair.inbound().id();
                    SaId out = pair.outbound().id();
                    larval.ifPresent(id -> assertThat(in).isEqualTo(id));
                    String owner = wish.origin.principal();
                    model.install(in, true, wish.in, owner, wish.party, wish.limits);
                    model.install(out, false, wish.out, owner, wish.party, wish.limits);
                    Couple couple = model.couple(pair.inbound().pairId(), "", owner, wish.party, superseded, wish.role);
                    model.join(in, couple);
                    model.join(out, couple);
                    wish.answers.ifPresent(open -> {
                        model.acquires.answered(open, in);
                        model.acquires.answered(open, out);
                    });
                    if (!wish.waitingAs().equals(Optional.of(PairRole.RESPONDER))) {
                        model.acquires.release(out);
                    }
                    model.settle(couple, wish.waitingAs());
                });
    }

    private Optional<SaError> objection(Wish wish, Optional<SaId> larval, Optional<Couple> superseded) {
        boolean asked = wish.origin.acquireSequence() != 0;
        if (asked && wish.answers.isEmpty()) {
            return Optional.of(SaError.STALE_ACQUIRE);
        }
        return notAsked(wish.answers, wish.party)
                .or(() -> larval.flatMap(id -> notReserved(wish, model.living.get(id))))
                .or(() -> larval.isPresent() ? Optional.empty() : model.inboundObjection(wish.in))
                .or(() -> model.outboundObjection(wish.out, wish.party))
                .or(() -> notSuperseded(wish, superseded));
    }

    private static Optional<SaError> notReserved(Wish wish, Sa larval) {
        if (!larval.owner.equals(wish.origin.principal())) {
            return Optional.of(SaError.NOT_PERMITTED);
        }
        if (!larval.answering.isEmpty() && !larval.party.peer().equals(wish.party.peer())) {
            return Optional.of(SaError.IMMUTABLE);
        }
        String answering = wish.answers.map(Open::label).orElse("");
        return Optional.of(SaError.STALE_ACQUIRE).filter(error -> !larval.answering.equals(answering));
    }

    private static Optional<SaError> notSuperseded(Wish wish, Optional<Couple> superseded) {
        boolean askedFor = wish.answers
                .filter(open -> open.want.replaces().equals(wish.supersedes))
                .isPresent();
        if (superseded.isEmpty()) {
            // A successor of a pair that ended meanwhile is all the more needed.
            return Optional.of(SaError.NO_SUCH_SA).filter(error -> !wish.supersedes.isNone() && !askedFor);
        }
        return Optional.of(SaError.MALFORMED)
                .filter(error -> !superseded.get().party.hasIdentityOf(wish.party));
    }

    static SaParameters parameters(boolean inbound, String spi, Party party, BothSadbs.Seconds limits) {
        boolean manual = party.kmp().equals(NaivePolicy.MANUAL);
        Identity identity = manual
                ? Identity.manual(party.value())
                : new Identity(party.kmp(), IdentityType.TOKEN, "coaps://as.example", party.value());
        return SadbFixture.withIdentity(
                SadbFixture.parameters(
                        inbound ? Direction.INBOUND : Direction.OUTBOUND,
                        spi,
                        Endpoint.parse(party.peer()),
                        new History.Fresh(),
                        BothSadbs.lifetime(limits)),
                identity);
    }

    /** Why an answer is refused before anything else is looked at. */
    Optional<SaError> notAsked(Optional<Open> open, Party party) {
        if (open.isEmpty() || !party.value().equals("stranger")) {
            return Optional.empty();
        }
        model.acquires.refuseIdentity(open.get());
        return Optional.of(SaError.IDENTITY_NOT_AUTHORIZED);
    }
}
