// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaError;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The database as one would write it without any thought of speed: lists, searched from end to end. */
final class NaiveSadb {
    final Map<SaId, Sa> living = new TreeMap<>();
    private final List<Grave> graves = new ArrayList<>();

    /** Why an SPI cannot be taken now. */
    Optional<SaError> objection(boolean inbound, String spi, long now) {
        if (inbound) {
            boolean alive = living.values().stream().anyMatch(sa -> sa.inbound && collide(sa.spi, spi));
            boolean buried = graves.stream().anyMatch(grave -> grave.until - now > 0 && collide(grave.spi, spi));
            return alive || buried ? Optional.of(SaError.SPI_IN_USE) : Optional.empty();
        }
        boolean exists = living.values().stream().anyMatch(sa -> !sa.inbound && sa.spi.equals(spi));
        return exists ? Optional.of(SaError.SA_EXISTS) : Optional.empty();
    }

    private static boolean collide(String a, String b) {
        return a.startsWith(b) || b.startsWith(a);
    }

    void enter(SaId id, boolean inbound, String spi, SaState state, long now, long softSeconds, long hardSeconds) {
        living.put(id, new Sa(inbound, spi, state, now, softSeconds, hardSeconds));
    }

    void end(SaId id, long now) {
        Sa sa = living.remove(id);
        if (sa.inbound) {
            graves.add(new Grave(sa.spi, now + 247_000_000_000L));
        }
    }

    /** Lets time pass, and gives how many SAs changed by it. */
    int pass(long now) {
        int changed = 0;
        for (SaId id : List.copyOf(living.keySet())) {
            Sa sa = living.get(id);
            long seconds = (now - sa.added) / 1_000_000_000L;
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

        Sa(boolean inbound, String spi, SaState state, long added, long soft, long hard) {
            this.inbound = inbound;
            this.spi = spi;
            this.state = state;
            this.added = added;
            this.soft = soft;
            this.hard = hard;
        }
    }

    private record Grave(String spi, long until) {}
}
