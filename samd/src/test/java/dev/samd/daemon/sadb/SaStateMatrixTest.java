// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every move between two states, allowed or not. */
class SaStateMatrixTest {
    private static final Map<SaState, Set<SaState>> ALLOWED = Map.of(
            SaState.LARVAL, Set.of(SaState.MATURE, SaState.DEAD),
            SaState.MATURE, Set.of(SaState.DYING, SaState.DEAD),
            SaState.DYING, Set.of(SaState.MATURE, SaState.DEAD),
            SaState.DEAD, Set.of());

    @ParameterizedTest
    @EnumSource
    void anEntryMovesWhereItsStateAllowsAndNowhereElse(SaState from) {
        SadbEntry entry = reach(from);

        for (SaState to : SaState.values()) {
            if (ALLOWED.get(from).contains(to)) {
                assertThat(entry.in(to, 9).state()).isEqualTo(to);
                assertThat(entry.in(to, 9).revision()).isEqualTo(9);
            } else {
                assertThatThrownBy(() -> entry.in(to, 9))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(from.name())
                        .hasMessageContaining(to.name());
            }
        }
    }

    private static SadbEntry reach(SaState state) {
        SadbFixture f = new SadbFixture();
        GetSpi request = new GetSpi(Origin.of(SadbFixture.ALICE), SadbFixture.PEER, Endpoint.HOST_WIDE, null);
        SadbEntry larval = SadbEntry.larval(new SaId(1), 1, Spi.ofHex("01"), request, f.now(), Lifetimes.NEVER);
        List<SaState> path =
                switch (state) {
                    case LARVAL -> List.of();
                    case MATURE -> List.of(SaState.MATURE);
                    case DYING -> List.of(SaState.MATURE, SaState.DYING);
                    case DEAD -> List.of(SaState.DEAD);
                };
        SadbEntry entry = larval;
        for (SaState next : path) {
            entry = entry.in(next, 2);
        }
        return entry;
    }
}
