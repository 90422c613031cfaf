// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.PairId;
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

/** The database as one would write it without any thought of speed: lists, searched from end to end. */
final class NaiveSadb {
    private static final long SECOND = 1_000_000_000L;

    final Map<SaId, Sa> living = new TreeMap<>();
    final List<Couple> couples = new ArrayList<>();
    private List<Grave> graves = new ArrayList<>();

    /** Why an SPI cannot be taken now. */
    Optional<SaError> objection(boolean inbound, String spi) {
        if (inbound) {
            boolean alive = living.values().stream().anyMatch(sa -> sa.inbound && collide(sa.spi, spi));
            boolean buried = graves.stream().anyMatch(grave -> collide(grave.spi, spi));
            return alive || buried ? Optional.of(SaError.SPI_IN_USE) : Optional.empty();
        }
        boolean exists = living.values().stream().anyMatch(sa -> !sa.inbound && sa.spi.equals(spi));
        return exists ? Optional.of(SaError.SA_EXISTS) : Optional.empty();
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

    Sa enter(SaId id, boolean inbound, String spi, SaState state, long now, long softSeconds, long hardSeconds) {
        Sa sa = new Sa(inbound, spi, state, now, softSeconds, hardSeconds);
        living.put(id, sa);
        return sa;
    }

    /** The couple of a name that lives. */
    Optional<Couple> named(String name) {
        return couples.stream()
                .filter(couple -> couple.name.equals(name) && lives(couple))
                .findFirst();
    }

    /** A couple that may be superseded. */
    Optional<Couple> livingCouple(PairId id) {
        return couples.stream()
                .filter(couple -> id.equals(couple.id) && lives(couple))
                .findFirst();
    }

    Couple couple(PairId id, String name, Optional<Couple> superseded) {
        Couple couple = new Couple(id, name, superseded);
        couples.add(couple);
        return couple;
    }

    void join(SaId id, Couple couple) {
        living.get(id).couple = Optional.of(couple);
        couple.sides.add(living.get(id).inbound);
    }

    Optional<SaId> partner(SaId id) {
        Optional<Couple> couple = living.get(id).couple;
        return couple.isEmpty()
                ? Optional.empty()
                : living.entrySet().stream()
                        .filter(e ->
                                !e.getKey().equals(id) && e.getValue().couple.equals(couple))
                        .map(Map.Entry::getKey)
                        .findFirst();
    }

    private boolean lives(Couple couple) {
        return living.values().stream().anyMatch(sa -> sa.couple.equals(Optional.of(couple)));
    }

    /** Whether it lives, or one that lives replaced it, or replaced one that replaced it. */
    private boolean isNamedByAChain(Couple couple) {
        return lives(couple)
                || couples.stream()
                        .filter(other -> other.superseded.equals(Optional.of(couple)))
                        .anyMatch(this::isNamedByAChain);
    }

    /** Ends SAs as DELETE and FLUSH do, and gives those whose last record is a close_notify. */
    Set<SaId> delete(List<SaId> ids, long now) {
        Set<SaId> notified = new HashSet<>();
        for (SaId id : ids) {
            if (!living.get(id).inbound && partner(id).isPresent()) {
                notified.add(id);
            }
        }
        ids.forEach(id -> end(id, now));
        return notified;
    }

    void end(SaId id, long now) {
        Sa sa = living.remove(id);
        if (sa.inbound) {
            graves.add(new Grave(sa.spi, sa.couple, now + 247 * SECOND));
        }
    }

    /** Lets time pass, and gives how many SAs changed by it. */
    int pass(long now) {
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
        int changed = 0;
        for (SaId id : List.copyOf(living.keySet())) {
            Sa sa = living.get(id);
            long seconds = (now - sa.added) / SECOND;
            boolean over = sa.state == SaState.LARVAL ? seconds >= 30 : sa.hard != 0 && seconds >= sa.hard;
            if (over) {
                end(id, now);
                changed++;
            } else if (sa.state == SaState.MATURE && sa.soft != 0 && seconds >= sa.soft) {
                sa.state = SaState.DYING;
                changed++;
            }
        }
        return changed;
    }

    static final class Sa {
        final boolean inbound;
        final String spi;
        SaState state;
        long added;
        long soft;
        long hard;
        Optional<Couple> couple = Optional.empty();

        Sa(boolean inbound, String spi, SaState state, long added, long soft, long hard) {
            this.inbound = inbound;
            this.spi = spi;
            this.state = state;
            this.added = added;
            this.soft = soft;
            this.hard = hard;
        }
    }

    /** A pair: which sides it has, or had. */
    static final class Couple {
        final PairId id;
        final String name;
        final Optional<Couple> superseded;
        final Set<Boolean> sides = new HashSet<>();

        Couple(PairId id, String name, Optional<Couple> superseded) {
            this.id = id;
            this.name = name;
            this.superseded = superseded;
        }
    }

    private record Grave(String spi, Optional<Couple> couple, long until) {}
}
