// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HashIndexTest {
    /** Numbers, hashed badly on purpose. */
    private static final class Numbers extends HashIndex<Integer> {
        @Override
        int hashOf(Integer entry) {
            return entry % 7;
        }

        boolean has(int number) {
            Object[] slots = slots();
            int slot = home(slots, number % 7);
            for (Object found = at(slots, slot); found != null; found = at(slots, slot)) {
                if (found instanceof Integer entry && entry == number) {
                    return true;
                }
                slot = next(slots, slot);
            }
            return false;
        }
    }

    @Property(tries = 300)
    void agreesWithASet(@ForAll @Size(max = 400) List<@IntRange(min = 1, max = 60) Integer> moves) {
        Numbers index = new Numbers();
        Set<Integer> model = new HashSet<>();
        for (Integer number : moves) {
            if (model.add(number)) {
                index.add(number);
            } else {
                model.remove(number);
                index.remove(number);
            }
            for (int i = 1; i <= 60; i++) {
                assertThat(index.has(i)).as("%d after %s", i, moves).isEqualTo(model.contains(i));
            }
        }
    }

    @Test
    void readerAlwaysSeesWhatStaysWhileOthersComeAndGo() throws InterruptedException {
        Numbers index = new Numbers();
        for (int stays = 1_000_000; stays < 1_000_100; stays++) {
            index.add(stays);
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger missed = new AtomicInteger();
        Thread reader = new Thread(() -> {
            while (!done.get()) {
                for (int stays = 1_000_000; stays < 1_000_100; stays++) {
                    if (!index.has(stays)) {
                        missed.incrementAndGet();
                    }
                }
            }
        });
        reader.start();

        for (Integer passing = 1; passing <= 3_000; passing++) {
            index.add(passing);
            if (passing % 3 != 0) {
                index.remove(passing);
            }
        }
        done.set(true);
        reader.join();

        assertThat(missed).hasValue(0);
    }
}
