// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.NaiveSadb.SECOND;

import dev.samd.daemon.sadb.NaivePolicy.Party;
import dev.samd.daemon.sadb.NaiveSadb.Couple;
import dev.samd.daemon.sadb.NaiveSadb.Sa;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Needs, KMPs, hold-downs and successors of the naive database: lists, searched from end to end. */
final class NaiveAcquires {
    final List<Kmp> serving = new ArrayList<>();
    final List<Open> open = new ArrayList<>();
    private final NaiveSadb sadb;
    private final Map<Want, Held> held = new HashMap<>();
    private final Map<PairId, Retry> retries = new TreeMap<>((a, b) -> Long.compare(a.value(), b.value()));
    private final Map<Want, Integer> rounds = new HashMap<>();
    private long registrations;

    NaiveAcquires(NaiveSadb sadb) {
        this.sadb = sadb;
    }

    record Kmp(long number, String name, String principal) {}

    /** What is needed; a policy asks for it, or a pair that it replaces. */
    record Want(String target, String policy, PairId replaces) {
        boolean isSuccessor() {
            return !replaces.isNone();
        }

        /** As those who wait for it know it; nobody waits for a successor. */
        String waitedFor() {
            return isSuccessor() ? "a successor" : toString();
        }
    }

    static final class Open {
        final Want want;
        final Set<SaId> made = new TreeSet<>((a, b) -> Long.compare(a.value(), b.value()));
        boolean claimed;
        int waiting;
        Kmp kmp;
        private final List<String> kmps;
        private final String owner;
        /** The policy that decides, as it is shown. */
        private String policy;

        private int asked;
        private int round;
        private long claimedAt;
        private long due;
        private boolean refused;

        private Open(Want want, String policy, List<String> kmps, String owner, int waiting) {
            this.want = want;
            this.policy = policy;
            this.kmps = kmps;
            this.owner = owner;
            this.waiting = waiting;
        }

        /** One sequence number has one label. */
        String label() {
            return want + "#" + round;
        }

        boolean isAnswerable() {
            return claimed && !refused;
        }
    }

    private record Held(long until, long seconds) {}

    private record Retry(long due, long failedAt) {}

    Optional<Open> find(Want want) {
        return open.stream().filter(acquire -> acquire.want.equals(want)).findFirst();
    }

    Optional<Open> find(String label) {
        return open.stream().filter(acquire -> acquire.label().equals(label)).findFirst();
    }

    boolean isHeldDown(Want want) {
        return held.containsKey(want) && !sadb.isOver(held.get(want).until);
    }

    Optional<SaError> register(String name, String principal) {
        if (serving.stream().anyMatch(kmp -> kmp.name.equals(name))) {
            return Optional.of(SaError.ALREADY_REGISTERED);
        }
        serving.add(new Kmp(++registrations, name, principal));
        sadb.say("REGISTER " + name);
        for (PairId pair : List.copyOf(retries.keySet())) {
            sadb.livingCouple(pair)
                    .filter(couple -> couple.party.kmp().equals(name))
                    .ifPresent(couple -> {
                        held.remove(successorOf(couple));
                        retries.put(pair, new Retry(sadb.now, retries.get(pair).failedAt));
                    });
        }
        return Optional.empty();
    }

    boolean unregister(long number) {
        Optional<Kmp> gone =
                serving.stream().filter(kmp -> kmp.number == number).findFirst();
        gone.ifPresent(kmp -> {
            serving.remove(kmp);
            sadb.say("UNREGISTER " + kmp.name);
            List<Open> its =
                    open.stream().filter(acquire -> acquire.kmp.equals(kmp)).toList();
            its.forEach(acquire -> moveOn(acquire, false));
        });
        return gone.isPresent();
    }

    /** A call needs SAs to a peer, and waits. */
    Optional<SaError> protect(String target) {
        Want want = new Want(target, sadb.policy.name(), PairId.NONE);
        Optional<Open> joined = find(want);
        joined.ifPresent(acquire -> acquire.waiting++);
        return joined.isPresent() ? Optional.empty() : begin(want, want.policy, sadb.policy.kmps(), "", 1);
    }

    private Optional<SaError> begin(Want want, String policy, List<String> kmps, String owner, int waiting) {
        if (isHeldDown(want)) {
            return Optional.of(SaError.HELD_DOWN);
        }
        Open acquire = new Open(want, policy, kmps, owner, waiting);
        Optional<Kmp> first = next(acquire);
        if (first.isEmpty()) {
            return Optional.of(SaError.NO_KMP);
        }
        open.add(acquire);
        number(acquire);
        offer(acquire, first.get());
        return Optional.empty();
    }

    private void number(Open acquire) {
        acquire.round = rounds.merge(acquire.want, 1, Integer::sum);
    }

    /** The next KMP in the order of the policy that serves. */
    private Optional<Kmp> next(Open acquire) {
        while (acquire.asked < acquire.kmps.size()) {
            String name = acquire.kmps.get(acquire.asked++);
            Optional<Kmp> found = serving.stream()
                    .filter(kmp -> kmp.name.equals(name))
                    .filter(kmp -> acquire.owner.isEmpty() || acquire.owner.equals(kmp.principal))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private void offer(Open acquire, Kmp kmp) {
        acquire.kmp = kmp;
        acquire.claimed = false;
        acquire.refused = false;
        acquire.due = sadb.now + 5 * SECOND;
        say(acquire, "OFFERED");
        notice("offered", kmp.number, acquire.label());
    }

    private void say(Open acquire, String state) {
        sadb.told.reached.add((acquire.want.isSuccessor() ? "successor " : "acquire ") + state);
        sadb.say("ACQUIRE " + state + " " + acquire.kmp.name + " " + acquire.label() + " policy=" + acquire.policy
                + " waiting=" + acquire.waiting);
    }

    private void notice(String what, long kmp, String label) {
        sadb.told.notices.add(what + " " + kmp + " " + label);
    }

    void accept(long kmp, String label) {
        of(kmp, label).ifPresent(acquire -> {
            if (!acquire.claimed) {
                acquire.claimed = true;
                acquire.claimedAt = sadb.now;
                acquire.due = sadb.now + 30 * SECOND;
                say(acquire, "CLAIMED");
            }
            notice("claimed", kmp, label);
        });
    }

    void decline(long kmp, String label) {
        of(kmp, label).ifPresent(acquire -> moveOn(acquire, false));
    }

    void progress(long kmp, String label) {
        of(kmp, label).filter(Open::isAnswerable).ifPresent(acquire -> {
            long more = sadb.now + 30 * SECOND;
            long most = acquire.claimedAt + 247 * SECOND;
            acquire.due = most - more < 0 ? most : more;
            if (acquire.due == most) {
                sadb.told.reached.add("progress to the last");
            }
        });
    }

    /** The ACQUIRE if it is this KMP's; else the KMP hears that it is not. */
    private Optional<Open> of(long kmp, String label) {
        Optional<Open> its = find(label).filter(acquire -> acquire.kmp.number == kmp);
        if (its.isEmpty()) {
            notice("withdrawn", kmp, label);
        }
        return its;
    }

    void fail(Open acquire) {
        moveOn(acquire, false);
    }

    /** Somebody whom it does not name was brought: the KMP is done with it as soon as time passes. */
    void refuseIdentity(Open acquire) {
        acquire.refused = true;
        acquire.due = sadb.now;
    }

    private void moveOn(Open acquire, boolean timedOut) {
        discard(acquire);
        Optional<Kmp> next = next(acquire);
        if (next.isPresent()) {
            say(acquire, "NEXT");
            offer(acquire, next.get());
            return;
        }
        say(acquire, timedOut ? "TIMED_OUT" : "FAILED");
        open.remove(acquire);
        SaError why = timedOut ? SaError.TIMED_OUT : SaError.KMP_FAILED;
        sadb.told.notices.add("refused " + acquire.want.waitedFor() + " " + why);
        long until = hold(acquire.want);
        if (acquire.want.isSuccessor()) {
            retries.put(acquire.want.replaces, new Retry(until, sadb.now));
        }
    }

    private void discard(Open acquire) {
        for (SaId id : acquire.made) {
            if (sadb.living.containsKey(id)) {
                sadb.told.reached.add("discarded");
                sadb.expire(id, "TIME");
            }
        }
        acquire.made.clear();
    }

    /** Twice as long as the last time, if that was not long ago. */
    private long hold(Want want) {
        Held last = held.get(want);
        long seconds = last == null || sadb.now - last.until > 60 * SECOND ? 1 : Math.min(60, 2 * last.seconds);
        long until = sadb.now + seconds * SECOND;
        held.put(want, new Held(until, seconds));
        if (seconds == 60) {
            sadb.told.reached.add("held down for a minute");
        }
        return until;
    }

    /** An SA was installed in answer. */
    void answered(Open acquire, SaId id) {
        acquire.made.add(id);
        boolean in = acquire.made.stream().anyMatch(made -> isThere(made, true));
        boolean out = acquire.made.stream().anyMatch(made -> isThere(made, false));
        if (in && out && open.contains(acquire)) {
            done(acquire);
        }
    }

    private boolean isThere(SaId id, boolean inbound) {
        Sa sa = sadb.living.get(id);
        return sa != null && sa.inbound == inbound && sa.state != SaState.LARVAL;
    }

    private void done(Open acquire) {
        say(acquire, "DONE");
        open.remove(acquire);
        held.remove(acquire.want);
        sadb.told.notices.add("released " + acquire.want.waitedFor());
        // Single SAs of the answer are of use from now on; those of a pair are released with their pair.
        acquire.made.stream()
                .filter(id -> sadb.living.containsKey(id)
                        && sadb.living.get(id).couple.isEmpty())
                .forEach(this::release);
    }

    /** Whoever waits for a peer that an SA may be used for tries again. */
    void release(SaId id) {
        Sa sa = sadb.living.get(id);
        if (sa.inbound || !sadb.policy.admits(sa.party)) {
            return;
        }
        for (Open acquire : open) {
            if (acquire.waiting > 0 && acquire.want.target.equals(sa.party.peer())) {
                acquire.waiting = 0;
                sadb.told.reached.add("released unasked");
                sadb.told.notices.add("released " + acquire.want.waitedFor());
            }
        }
    }

    void flushed() {
        List.copyOf(open).forEach(acquire -> {
            withdraw(acquire);
            again(acquire);
        });
    }

    void policyChanged() {
        for (Open acquire : List.copyOf(open)) {
            withdraw(acquire);
            if (acquire.want.isSuccessor()) {
                again(acquire);
            } else {
                open.remove(acquire);
                sadb.told.notices.add("released " + acquire.want.waitedFor());
            }
        }
    }

    private void withdraw(Open acquire) {
        notice("withdrawn", acquire.kmp.number, acquire.label());
        discard(acquire);
        say(acquire, "WITHDRAWN");
    }

    /** Asks anew, from the first KMP on, unless there is nothing to replace any more. */
    private void again(Open acquire) {
        PairId replaces = acquire.want.replaces;
        if (acquire.want.isSuccessor()) {
            Optional<Couple> old = sadb.livingCouple(replaces);
            if (old.isEmpty()) {
                open.remove(acquire);
                return;
            }
            acquire.policy = deciding(old.get());
        }
        acquire.asked = 0;
        Kmp first = next(acquire).orElseThrow();
        number(acquire);
        offer(acquire, first);
    }

    /** A pair has a confirmed successor: where no SA of another one is there yet, none needs to come. */
    void succeeded(PairId pair) {
        for (Open acquire : List.copyOf(open)) {
            boolean hasKeys = acquire.made.stream().anyMatch(id -> isThere(id, true) || isThere(id, false));
            if (acquire.want.replaces.equals(pair) && !hasKeys) {
                sadb.told.reached.add("succeeded by another");
                notice("withdrawn", acquire.kmp.number, acquire.label());
                discard(acquire);
                done(acquire);
            }
        }
    }

    private String deciding(Couple couple) {
        return sadb.policy.admits(couple.party) ? sadb.policy.name() : "";
    }

    private Want successorOf(Couple couple) {
        return new Want(couple.party.peer(), "", couple.id);
    }

    /** A pair comes to its end: if it was used, its KMP is asked for a successor. */
    void wanted(Couple couple) {
        boolean used = sadb.members(couple).stream()
                .anyMatch(id -> sadb.living.get(id).lastUsed.isPresent());
        if (used && mayHaveSuccessor(couple)) {
            ask(couple);
        }
    }

    private boolean mayHaveSuccessor(Couple couple) {
        return sadb.lives(couple)
                && !couple.replaced
                && !sadb.hasSuccessor(couple)
                && !couple.party.kmp().equals(NaivePolicy.MANUAL);
    }

    private void ask(Couple couple) {
        Want want = successorOf(couple);
        Party party = couple.party;
        if (isHeldDown(want)) {
            // What is not tried does not fail: it is asked for when the hold-down ends.
            sadb.told.reached.add("successor held down");
            return;
        }
        Optional<SaError> objection = find(want).isPresent()
                ? Optional.empty()
                : begin(want, deciding(couple), List.of(party.kmp()), couple.owner, 0);
        if (objection.isPresent()) {
            sadb.told.reached.add("no KMP for a successor");
            retries.put(couple.id, new Retry(hold(want), sadb.now));
        } else {
            retries.remove(couple.id);
        }
    }

    /** The successor of a pair was made, and never proved to have its keys. */
    void neverConfirmed(Couple old) {
        retries.put(old.id, new Retry(hold(successorOf(old)), sadb.now));
    }

    Stream<Long> times() {
        return Stream.concat(
                open.stream().map(acquire -> acquire.due),
                retries.values().stream().map(Retry::due));
    }

    void pass() {
        for (Open acquire : List.copyOf(open)) {
            if (sadb.isOver(acquire.due)) {
                notice("withdrawn", acquire.kmp.number, acquire.label());
                moveOn(acquire, acquire.isAnswerable());
            }
        }
        for (PairId pair : List.copyOf(retries.keySet())) {
            if (sadb.isOver(retries.get(pair).due)) {
                retry(pair, retries.remove(pair).failedAt);
            }
        }
    }

    private void retry(PairId pair, long failedAt) {
        Optional<Couple> couple = sadb.livingCouple(pair).filter(this::mayHaveSuccessor);
        List<Sa> sas = couple.map(sadb::members).orElse(List.of()).stream()
                .map(sadb.living::get)
                .toList();
        if (couple.isEmpty() || sas.stream().noneMatch(sa -> sa.state == SaState.DYING)) {
            return;
        }
        boolean usedSince = sas.stream().flatMap(sa -> sa.lastUsed.stream()).anyMatch(used -> used - failedAt > 0);
        if (usedSince) {
            sadb.told.reached.add("successor asked for again");
            ask(couple.get());
        } else {
            retries.put(pair, new Retry(sadb.now + 60 * SECOND, failedAt));
        }
    }
}
