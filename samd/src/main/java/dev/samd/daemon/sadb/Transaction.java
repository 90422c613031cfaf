// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.engine.Confirmation;
import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Past;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.TrafficKeys;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The changes, events and notices of one step, in the making. */
final class Transaction {
    private final Database db;
    private final Now now;
    private final String principal;
    private final List<Change> changes = new ArrayList<>();
    private final List<SadbEvent> events = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Set<Pair> touched = new LinkedHashSet<>();

    /**
     * @param principal who asks for it; empty if nobody does
     */
    Transaction(Database db, Now now, String principal) {
        this.db = db;
        this.now = now;
        this.principal = principal;
    }

    Now now() {
        return now;
    }

    long nanos() {
        return now.nanos();
    }

    String principal() {
        return principal;
    }

    void change(Change change) {
        changes.add(change);
    }

    void tell(SadbEvent event) {
        events.add(event);
    }

    void give(Notice notice) {
        notices.add(notice);
    }

    /** A pair is new, or is another one now. */
    void touched(Pair pair) {
        touched.add(pair);
    }

    <R> Step<R> step(R reply) {
        for (Pair pair : touched) {
            changes.add(
                    pair.isAlive()
                            ? new Change.PairNoted(db.revision(), pair.image(), pair.kmpPrivate())
                            : new Change.PairEnded(db.revision(), pair.id()));
        }
        return new Step<>(reply, changes, events, notices);
    }

    /** Enters an SA that has its keys. */
    void install(SadbEntry entry, TrafficKeys trafficKeys) {
        SaParameters parameters = entry.installedParameters();
        KeyRecord key = entry.key();
        if (key == null) {
            throw new IllegalStateException("SA " + entry.id() + " has no key record");
        }
        db.table.enter(entry);
        Pair pair = entry.pair();
        if (pair != null) {
            touched(pair);
        }
        changes.add(installed(entry, trafficKeys, key.mark(parameters.direction()), Optional.empty()));
    }

    /** Lets the engine use an SA that is entered. */
    static Change installed(SadbEntry entry, TrafficKeys trafficKeys, long mark, Optional<Past> past) {
        Pair pair = entry.pair();
        return new Change.Installed(
                entry,
                new SecurityAssociation(entry.id(), entry.pairId(), entry.installedParameters(), trafficKeys),
                entry.supersedes(),
                mark,
                pair == null ? Confirmation.CONFIRMED : pair.confirmation(),
                past);
    }

    /** Ends SAs because somebody asks for it. */
    void delete(List<SadbEntry> ending) {
        // The outbound SA seals its close_notify while its pair is whole, whichever comes first in the list.
        Set<SaId> notifying = ending.stream()
                .filter(entry -> entry.direction() == Direction.OUTBOUND && isWhole(entry))
                .map(SadbEntry::id)
                .collect(Collectors.toUnmodifiableSet());
        for (SadbEntry listed : ending) {
            // The end of its partner may have made another version of it.
            SadbEntry entry = db.table.find(listed.id());
            if (entry == null) {
                throw new IllegalStateException("SA " + listed.id() + " has ended already");
            }
            SadbEntry ended = end(entry, notifying.contains(entry.id()));
            events.add(new SadbEvent.Deleted(ended, now.wall(), principal));
        }
    }

    private static boolean isWhole(SadbEntry entry) {
        Pair pair = entry.pair();
        return pair != null && pair.isWhole() && !pair.isUnconfirmed();
    }

    /** Ends an SA because its time, or another hard limit, has come. */
    void expire(SadbEntry entry, ExpireCause cause) {
        SadbEntry ended = end(entry, false);
        events.add(new SadbEvent.Expired(ended, now.wall(), true, cause));
    }

    /** A soft limit of a MATURE SA was met. */
    void age(SadbEntry entry, ExpireCause cause) {
        SadbEntry aged = entry.in(SaState.DYING, db.nextRevision());
        db.table.replaceAndPlan(aged);
        changes.add(new Change.Aged(aged));
        events.add(new SadbEvent.Expired(aged, now.wall(), false, cause));
        db.rekeys.wanted(this, aged);
    }

    private SadbEntry end(SadbEntry entry, boolean closeNotify) {
        boolean installed = entry.state() != SaState.LARVAL;
        SadbEntry ended = entry.in(SaState.DEAD, db.nextRevision());
        // Leaving first: whether the SPI stays named by a chain depends on what is left of the pair.
        db.pairs.leave(entry);
        Pair pair = entry.pair();
        if (pair != null) {
            touched(pair);
        }
        db.table.remove(ended, now.nanos());
        db.confirmations.left(entry);
        db.suspensions.left(entry);
        changes.add(new Change.Ended(ended, installed, closeNotify));
        return ended;
    }
}
