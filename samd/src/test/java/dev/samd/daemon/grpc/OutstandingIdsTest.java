// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class OutstandingIdsTest {
    @Property
    void itAgreesWithASet(@ForAll @Size(max = 1500) List<@From("ids") Long> ids) {
        OutstandingIds outstanding = new OutstandingIds();
        Set<Long> model = new HashSet<>();

        for (long id : ids) {
            if (model.size() < 1024 && (id & 1) == 0) {
                assertThat(outstanding.add(id >> 1)).isEqualTo(model.add(id >> 1));
            } else {
                outstanding.remove(id >> 1);
                model.remove(id >> 1);
            }
            assertThat(outstanding.size()).isEqualTo(model.size());
        }
        for (long id : model) {
            assertThat(outstanding.add(id)).isFalse();
        }
    }

    @Provide
    Arbitrary<Long> ids() {
        // Few values, so that ids come again, and multiples that share their place.
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, 200),
                Arbitraries.longs().between(-40, 40).map(i -> i * 8192),
                Arbitraries.longs());
    }
}
