// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.sadb.NaivePolicy.Party;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The database as one would write it without any thought of speed: lists, searched from end to end. */
final class NaiveSadb {
    static final long SECOND = 1_000_000_000L;

    final Map<SaId, Sa> living = new TreeMap<>();
    final List<Couple> couples = new ArrayList<>();
    final Told told = new Told();
    final NaiveAcquires acquires = new NaiveAcquires(this);
    NaivePolicy policy = NaivePolicy.NONE;
    long now;
    private final long born;
    private List<Grave> graves = new ArrayList<>();

    NaiveSadb(long born) {
        this.born = born;
        this.now = born;
    }

    /** Expects an event. */
    void say(String what) {
        told.events.add((now - born) + " " + what);
    }

    /** Why an inbound SPI cannot be taken now. */
    Optional<SaError> inboundObjection(String spi) {
        boolean alive = living.values().stream().anyMatch(sa -> sa.inbound && collide(sa.spi, spi));
        boolean buried = graves.stream().anyMatch(grave -> collide(grave.spi, spi));
        return Optional.of(SaError.SPI_IN_USE).filter(error -> alive || buried);
    }

    /** Why an outbound SPI cannot be taken now. */
    Optional<SaError> outboundObjection(String spi, Party party) {
        boolean exists = living.values().stream()
                .anyMatch(sa -> !sa.inbound && sa.spi.equals(spi) && sa.party.hasIdentityOf(party));
        return Optional.of(SaError.SA_EXISTS).filter(error -> exists);
    }

    Optional<SaError> objection(boolean inbound, String spi, Party party) {
        return inbound ? inboundObjection(spi) : outboundObjection(spi, party);
    }

    private static boolean collide(String a, String b) {
        return a.startsWith(b) || b.startsWith(a);
    }

    /** The reserved SA of exactly this SPI. */
    Optional<SaId> larval(String spi) {
        return living.entrySet().stream()
                .filter(e ->
                        e.getValue().state == SaState.LARVAL && e.getValue().spi.equals(spi))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Reserves an SPI; {@code answering} names the ACQUIRE that it answers, empty for none. */
    void reserve(SaId id, String spi, String owner, String peer, String answering) {
        Sa sa = new Sa(true, spi, SaState.LARVAL, owner, Party.manual(peer), now);
        sa.answering = answering;
        living.put(id, sa);
        say("GETSPI " + id);
    }

    /** An SA has its keys: a new one, or one that was LARVAL. */
    Sa install(SaId id, boolean inbound, String spi, String owner, Party party, BothSadbs.Seconds limits) {
        say((living.containsKey(id) ? "UPDATE " : "ADD ") + id);
        Sa sa = new Sa(inbound, spi, SaState.MATURE, owner, party, now);
        sa.soft = limits.soft();
        sa.hard = limits.hard();
        living.put(id, sa);
        return sa;
    }

    /** The couple of a name that lives. */
    Optional<Couple> named(String owner, String name) {
        return couples.stream()
                .filter(couple -> couple.name.equals(name) && couple.owner.equals(owner) && lives(couple))
                .findFirst();
    }

    /** A couple that may be superseded. */
    Optional<Couple> livingCouple(PairId id) {
        return couples.stream()
                .filter(couple -> id.equals(couple.id) && lives(couple))
                .findFirst();
    }

    Couple couple(
            PairId id, String name, String owner, Party party, Optional<Couple> superseded, Optional<PairRole> role) {
        Couple couple = new Couple(id, name, owner, party, superseded, role);
        couples.add(couple);
        return couple;
    }

    void join(SaId id, Couple couple) {
        living.get(id).couple = Optional.of(couple);
        couple.spis.add(living.get(id).spi);
        couple.sides.add(living.get(id).inbound);
    }

    /** Both sides of a couple are in: whether it waits for its first good record, or takes the place of another at once. */
    void settle(Couple couple, Optional<PairRole> waitingAs) {
        if (waitingAs.isEmpty()) {
            proven(couple);
            return;
        }
        boolean responder = waitingAs.get() == PairRole.RESPONDER;
        couple.waitingAs = waitingAs;
        if (responder || couple.superseded.isPresent()) {
            long end = now + (responder ? 60 : 93) * SECOND;
            members(couple).forEach(id -> living.get(id).waitsUntil = Optional.of(end));
        }
        List<Couple> siblings = couples.stream()
                .filter(other -> lives(other) && other.waitingAs.equals(Optional.of(PairRole.RESPONDER)))
                .filter(other -> other.owner.equals(couple.owner) && other.party.hasIdentityOf(couple.party))
                .toList();
        if (responder && siblings.size() > 2) {
            told.reached.add("third responder");
            delete(members(siblings.get(0)));
        }
    }

    /** A couple is confirmed: it takes the place of another, and of itself and its rivals the best stays. */
    private void proven(Couple couple) {
        couple.superseded.ifPresent(this::replace);
        if (couple.replaced) {
            return;
        }
        couple.proven = true;
        List<Couple> rivals = couples.stream()
                .filter(other -> stands(other) && other.isKin(couple) && other.mayGiveWay())
                .toList();
        if (!couple.mayGiveWay() || rivals.size() < 2) {
            return;
        }
        Couple best = rivals.stream().max(NaiveSadb::compare).orElseThrow();
        rivals.stream().filter(other -> other != best).forEach(other -> {
            told.reached.add(other == couple ? "the proven one gave way" : "gave way to the proven one");
            told.gaveWay.put(other.id, best.id);
            best.tookOver.add(other);
            replace(other);
        });
    }

    private boolean stands(Couple couple) {
        return couple.proven && !couple.replaced && lives(couple);
    }

    /** Which of two couples is the better one: the more often re-keyed, the later of one end, the one of the greater SPIs. */
    private static int compare(Couple a, Couple b) {
        if (a.rekeys() != b.rekeys()) {
            return a.rekeys() - b.rekeys();
        }
        boolean sameEnd = a.role.equals(b.role);
        int order = sameEnd ? 0 : a.spis.first().compareTo(b.spis.first());
        if (order == 0 && !sameEnd) {
            order = a.spis.last().compareTo(b.spis.last());
        }
        return order == 0 ? Long.compare(a.id.value(), b.id.value()) : order;
    }

    /** A confirmed couple takes the place of another. */
    private void replace(Couple old) {
        if (old.replaced || !lives(old)) {
            return;
        }
        old.replaced = true;
        for (SaId id : members(old)) {
            Sa sa = living.get(id);
            sa.state = SaState.DYING;
            sa.overlapEnds = Optional.of(now + 186 * SECOND);
            say("UPDATE " + id);
        }
        acquires.succeeded(old.id);
    }

    /** The first good record came under an SA. */
    boolean confirm(SaId inbound) {
        Optional<Couple> found = living.get(inbound).couple.filter(couple -> couple.waitingAs.isPresent());
        if (found.isEmpty()) {
            return false;
        }
        Couple couple = found.get();
        told.reached.add(couple.superseded.isPresent() ? "successor confirmed" : "confirmed");
        couple.waitingAs = Optional.empty();
        say("CONFIRMED " + inbound);
        members(couple).forEach(id -> living.get(id).waitsUntil = Optional.empty());
        proven(couple);
        members(couple).forEach(acquires::release);
        return true;
    }

    /** The time of a couple that waits is up. */
    private void waitedInVain(Couple couple) {
        Optional<Couple> old = couple.superseded.filter(this::lives);
        boolean initiator = couple.waitingAs.equals(Optional.of(PairRole.INITIATOR));
        boolean anotherStands = couples.stream().anyMatch(other -> other.isKin(couple) && stands(other));
        if (initiator && old.isEmpty() && !anotherStands && !couple.replaced) {
            told.reached.add("unconfirmed kept");
            members(couple).forEach(id -> living.get(id).waitsUntil = Optional.empty());
            return;
        }
        told.reached.add(initiator ? "unconfirmed initiator ended" : "unconfirmed responder ended");
        if (old.isEmpty() && anotherStands) {
            told.reached.add("unconfirmed ended beside another");
        }
        members(couple).forEach(id -> expire(id, "TIME"));
        if (!couple.replaced) {
            old.ifPresent(acquires::neverConfirmed);
        }
    }

    Optional<SaId> partner(SaId id) {
        Optional<Couple> couple = living.get(id).couple;
        return couple.stream()
                .flatMap(c -> members(c).stream())
                .filter(other -> !other.equals(id))
                .findFirst();
    }

    /** The SAs of a couple that live. */
    List<SaId> members(Couple couple) {
        return living.entrySet().stream()
                .filter(e -> e.getValue().couple.equals(Optional.of(couple)))
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean lives(Couple couple) {
        return !members(couple).isEmpty();
    }

    /** Whether it lives, or one that lives took its place, or that of one that did. */
    private boolean isNamedByAChain(Couple couple) {
        return lives(couple) || hasSuccessor(couple);
    }

    /** Whether one that supersedes it lives, or is named by one that does. */
    boolean hasSuccessor(Couple couple) {
        return couples.stream()
                .filter(other -> other.superseded.equals(Optional.of(couple)) || other.tookOver.contains(couple))
                .anyMatch(this::isNamedByAChain);
    }

    /** Ends SAs as DELETE and FLUSH do. */
    void delete(List<SaId> ids) {
        Set<SaId> notified = new HashSet<>();
        for (SaId id : ids) {
            Sa sa = living.get(id);
            boolean confirmed =
                    sa.couple.filter(couple -> couple.waitingAs.isEmpty()).isPresent();
            if (!sa.inbound && confirmed && partner(id).isPresent()) {
                notified.add(id);
            }
        }
        told.closeNotified.addAll(notified);
        for (SaId id : ids) {
            end(id);
            say("DELETE " + id);
        }
    }

    /** A hard limit is met. */
    void expire(SaId id, String cause) {
        end(id);
        say("EXPIRE hard " + id + " " + cause);
    }

    /** A soft limit is met. */
    void age(SaId id, String cause) {
        Sa sa = living.get(id);
        sa.state = SaState.DYING;
        say("EXPIRE soft " + id + " " + cause);
        sa.couple.ifPresent(acquires::wanted);
    }

    private void end(SaId id) {
        Sa sa = living.remove(id);
        if (sa.inbound) {
            graves.add(new Grave(sa.spi, sa.couple, now + 247 * SECOND));
        }
    }

    /** The next moment at which time alone changes an SA or an ACQUIRE. */
    Optional<Long> next() {
        return Stream.concat(living.values().stream().flatMap(Sa::times), acquires.times())
                .reduce((a, b) -> a - b <= 0 ? a : b);
    }

    /** It is that late. */
    void pass(long later) {
        now = later;
        List<Grave> kept = new ArrayList<>();
        for (Grave grave : graves) {
            boolean named = grave.couple.map(this::isNamedByAChain).orElse(false);
            if (grave.until - now > 0) {
                kept.add(grave);
            } else if (named) {
                kept.add(new Grave(grave.spi, grave.couple, now + 247 * SECOND));
            }
        }
        graves = kept;
        for (SaId id : List.copyOf(living.keySet())) {
            Sa sa = living.get(id);
            if (sa != null) {
                pass(id, sa);
            }
        }
        acquires.pass();
    }

    private void pass(SaId id, Sa sa) {
        if (sa.larvalEnd().filter(this::isOver).isPresent()
                || sa.hardEnd().filter(this::isOver).isPresent()) {
            expire(id, "TIME");
        } else if (sa.waitsUntil.filter(this::isOver).isPresent()) {
            sa.couple.ifPresent(this::waitedInVain);
        } else if (sa.overlapEnds.filter(this::isOver).isPresent()) {
            told.reached.add("overlap ended");
            expire(id, "TIME");
        } else if (sa.softEnd().filter(this::isOver).isPresent()) {
            age(id, "TIME");
        }
    }

    boolean isOver(long moment) {
        return now - moment >= 0;
    }

    static final class Sa {
        final boolean inbound;
        final String spi;
        final String owner;
        final Party party;
        final long added;
        SaState state;
        /** Limits of time in seconds; 0 is none. */
        long soft;

        long hard;
        /** The ACQUIRE that a LARVAL one answers. */
        String answering = "";

        Optional<Couple> couple = Optional.empty();
        /** When it ends because another couple took the place of its own. */
        Optional<Long> overlapEnds = Optional.empty();
        /** When its couple has waited long enough for a first good record. */
        Optional<Long> waitsUntil = Optional.empty();

        Optional<Long> lastUsed = Optional.empty();

        private Sa(boolean inbound, String spi, SaState state, String owner, Party party, long added) {
            this.inbound = inbound;
            this.spi = spi;
            this.state = state;
            this.owner = owner;
            this.party = party;
            this.added = added;
        }

        private Optional<Long> larvalEnd() {
            return Optional.of(added + 30 * SECOND).filter(end -> state == SaState.LARVAL && answering.isEmpty());
        }

        private Optional<Long> hardEnd() {
            return Optional.of(added + hard * SECOND).filter(end -> hard != 0);
        }

        Optional<Long> softEnd() {
            return Optional.of(added + soft * SECOND).filter(end -> soft != 0 && state == SaState.MATURE);
        }

        private Stream<Long> times() {
            return Stream.of(larvalEnd(), hardEnd(), softEnd(), overlapEnds, waitsUntil)
                    .flatMap(Optional::stream);
        }
    }

    /** A pair: which sides it has, or had. */
    static final class Couple {
        final PairId id;
        final String name;
        final String owner;
        final Party party;
        final Optional<Couple> superseded;
        /** Which side began it, if anybody said. */
        final Optional<PairRole> role;

        final Set<Boolean> sides = new HashSet<>();
        /** As hexadecimal text. */
        final TreeSet<String> spis = new TreeSet<>();
        /** Those that gave way to it. */
        final List<Couple> tookOver = new ArrayList<>();
        /** Whether it has been confirmed, before another one took its place. */
        boolean proven;
        /** The side that waits for a first good record. */
        Optional<PairRole> waitingAs = Optional.empty();

        boolean replaced;

        private Couple(
                PairId id,
                String name,
                String owner,
                Party party,
                Optional<Couple> superseded,
                Optional<PairRole> role) {
            this.id = id;
            this.name = name;
            this.owner = owner;
            this.party = party;
            this.superseded = superseded;
            this.role = role;
        }

        /** The first one of those that superseded each other. */
        private Couple root() {
            return superseded.map(Couple::root).orElse(this);
        }

        private int rekeys() {
            return superseded.map(old -> old.rekeys() + 1).orElse(0);
        }

        boolean isKin(Couple other) {
            return root() == other.root();
        }

        boolean mayGiveWay() {
            return superseded.isPresent() && role.isPresent();
        }
    }

    private record Grave(String spi, Optional<Couple> couple, long until) {}
}
