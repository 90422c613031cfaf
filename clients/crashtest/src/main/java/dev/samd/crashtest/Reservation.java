// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One SPI that a host is asked to reserve. Confined to the churn. */
final class Reservation {
    /** A LARVAL SA that nobody completes ends by itself after 30 s: within this time it must not. */
    static final int YOUNG_MILLIS = 20_000;

    private final Host host;
    private final Endpoint peer;
    private final Spi spi;
    private boolean asked;
    private long askedNanos;
    private @Nullable SaId id;

    Reservation(Host host, Endpoint peer, Spi spi) {
        this.host = host;
        this.peer = peer;
        this.spi = spi;
    }

    Host host() {
        return host;
    }

    Endpoint peer() {
        return peer;
    }

    Spi spi() {
        return spi;
    }

    /** Whether it was asked for before; it is from now on. */
    boolean ask() {
        boolean before = asked;
        if (!before) {
            asked = true;
            askedNanos = System.nanoTime();
        }
        return before;
    }

    /** How long it may have been there: since it was asked for first. */
    int ageMillis() {
        return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - askedNanos);
    }

    boolean isYoung() {
        return ageMillis() < YOUNG_MILLIS;
    }

    void acknowledged(SaId reserved) {
        id = reserved;
    }

    /** The SA that was acknowledged. */
    SaId id() {
        SaId reserved = id;
        if (reserved == null) {
            throw new IllegalStateException("nothing is reserved yet");
        }
        return reserved;
    }
}
