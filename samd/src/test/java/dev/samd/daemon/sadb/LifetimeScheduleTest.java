// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.SaId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LifetimeScheduleTest {
    @Property
    void deadlinesComeOutInTheirOrderAcrossTheOverflowOfTheClock(
            @ForAll @Size(max = 200) List<@LongRange(min = 0, max = 1_000_000) Long> offsets, @ForAll long base) {
        LifetimeSchedule schedule = new LifetimeSchedule();
        for (int i = 0; i < offsets.size(); i++) {
            schedule.add(base + offsets.get(i), new SaId(i + 1));
        }

        List<Long> out = new ArrayList<>();
        while (!schedule.isEmpty()) {
            long deadline = schedule.first();
            SaId id = schedule.removeFirst();
            assertThat(base + offsets.get((int) id.value() - 1)).isEqualTo(deadline);
            out.add(deadline - base);
        }

        assertThat(out)
                .isEqualTo(offsets.stream().sorted(Comparator.naturalOrder()).toList());
    }

    @Test
    void anEmptyScheduleHasNoFirst() {
        LifetimeSchedule schedule = new LifetimeSchedule();

        assertThatThrownBy(schedule::first).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(schedule::removeFirst).isInstanceOf(IllegalStateException.class);
    }
}
