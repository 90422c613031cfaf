// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EntryListTest {
    private final EntryList list = new EntryList();

    private static SadbEntry entry(long id, long revision) {
        GetSpi request = new GetSpi(Origin.of("uid:1"), Endpoint.parse("coap://peer"), Endpoint.HOST_WIDE, null);
        return SadbEntry.larval(new SaId(id), revision, Spi.ofHex("01"), request, new Now(0, Instant.EPOCH), 0);
    }

    @Test
    void keepsTheOrderOfIdsThroughRemovalsAndGrowth() {
        Map<Long, SadbEntry> model = new TreeMap<>();
        Random random = new Random(4);
        for (long id = 1; id < 3_000; id++) {
            SadbEntry fresh = entry(id, 0);
            assertThat(list.put(fresh)).isNull();
            model.put(id, fresh);
            long other = random.nextLong(1, id + 1);
            if (random.nextInt(3) > 0) {
                assertThat(list.remove(new SaId(other))).isSameAs(model.remove(other));
            } else if (model.containsKey(other)) {
                SadbEntry next = entry(other, id);
                assertThat(list.put(next)).isSameAs(model.put(other, next));
            }
            assertThat(list.find(new SaId(other))).isSameAs(model.get(other));
            assertThat(list).hasSize(model.size());
        }
        List<SadbEntry> all = new ArrayList<>(list);
        assertThat(all).containsExactlyElementsOf(model.values());
    }

    @Test
    void refusesAnIdThatComesTooLate() {
        list.put(entry(7, 0));
        assertThatIllegalStateException()
                .isThrownBy(() -> list.put(entry(6, 0)))
                .withMessageContaining("SA 6");
    }
}
