// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.client.SamdUnavailableException;
import dev.samd.sa.SaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Brings a host records that it has had, again and again; and now and then one with a number far ahead. */
final class Attacker {
    private static final String SOURCE = "198.51.100.66:5683";
    private static final int BURST = 32;

    /** Forged records are dropped unopened if there are more than one a second. */
    private static final long FORGERY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final int to;
    private final Loot loot;
    private final Calls calls;
    private final Figures figures;
    private final AtomicLong lastForgery = new AtomicLong(System.nanoTime());
    private final AtomicBoolean lastingNext = new AtomicBoolean();

    Attacker(int to, Loot loot, Calls calls, Figures figures) {
        this.to = to;
        this.loot = loot;
        this.calls = calls;
        this.figures = figures;
    }

    /** One burst; not the next one at once, so that the clients are not left without a processor. */
    boolean attack() {
        List<CompletableFuture<String>> replays = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            Optional<Delivery> old = loot.any(to);
            old.ifPresent(delivery -> replays.add(calls.replay(delivery, SOURCE)));
            if (System.nanoTime() - lastForgery.get() > FORGERY_NANOS) {
                old.filter(delivery -> !lastingNext.get() || Link.isLasting(delivery.key()))
                        .ifPresent(this::forge);
            }
        }
        replays.forEach(replay -> count("replays: ", replay));
        return false;
    }

    private void forge(Delivery delivery) {
        lastForgery.set(System.nanoTime());
        // Keys that come and go are many: without this, those that see every crash would have few.
        lastingNext.set(!lastingNext.get());
        count("forgeries: ", calls.forge(delivery, SOURCE));
    }

    private void count(String what, CompletableFuture<String> call) {
        try {
            figures.count(what + call.join());
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof SaException) && !(e.getCause() instanceof SamdUnavailableException)) {
                throw e;
            }
            figures.count(what + "no answer");
        }
    }
}
