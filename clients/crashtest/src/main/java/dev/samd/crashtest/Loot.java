// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Records that an attacker has kept: of each key the newest, and some of all times. Thread-safe. */
final class Loot {
    private static final int RECENT = 256;
    private static final int OLD = 256;
    private static final int KEYS = 64;

    private final Random random;
    private final Map<Long, OfKey> byKey = new HashMap<>();
    private final List<OfKey> keys = new ArrayList<>();

    Loot(long seed) {
        this.random = new Random(seed);
    }

    /** What was kept of one key. */
    private static final class OfKey {
        private final List<Delivery> recent = new ArrayList<>();
        private final List<Delivery> old = new ArrayList<>();
        private long count;
    }

    synchronized void keep(Delivery delivery) {
        OfKey ofKey = byKey.computeIfAbsent(delivery.key(), k -> {
            OfKey first = new OfKey();
            if (keys.size() < KEYS) {
                keys.add(first);
            } else {
                keys.set(random.nextInt(KEYS), first);
            }
            return first;
        });
        place(ofKey.recent, RECENT, (int) (ofKey.count % RECENT), delivery);
        ofKey.count++;
        // A sample in which each record of the key is as likely as any other.
        long at = ofKey.old.size() < OLD ? ofKey.old.size() : random.nextLong(ofKey.count);
        if (at < OLD) {
            place(ofKey.old, OLD, (int) at, delivery);
        }
    }

    private static void place(List<Delivery> list, int size, int at, Delivery delivery) {
        if (list.size() < size) {
            list.add(delivery);
        } else {
            list.set(at, delivery);
        }
    }

    /** Any record for a host, as likely new as old. */
    synchronized Optional<Delivery> any(int to) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        OfKey ofKey = keys.get(random.nextInt(keys.size()));
        List<Delivery> some = random.nextBoolean() ? ofKey.recent : ofKey.old;
        Delivery found = some.get(random.nextInt(some.size()));
        return found.to() == to ? Optional.of(found) : Optional.empty();
    }
}
