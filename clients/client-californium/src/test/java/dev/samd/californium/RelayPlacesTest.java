// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class RelayPlacesTest {
    private final RelayPlaces places = new RelayPlaces(5, 2);

    private static InetAddress source(int last) throws Exception {
        return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
    }

    @Test
    void oneSourceLeavesRoomForOthers() throws Exception {
        assertThat(places.take(source(1))).isTrue();
        assertThat(places.take(source(1))).isTrue();
        assertThat(places.take(source(1))).isFalse();
        assertThat(places.take(source(2))).isTrue();
    }

    @Test
    void allSourcesTogetherHaveNoMoreThanAllPlaces() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(places.take(source(i))).isTrue();
        }

        assertThat(places.take(source(5))).isFalse();
    }

    @Test
    void aPlaceComesBackAndASourceWithoutOneIsForgotten() throws Exception {
        places.take(source(1));
        places.take(source(1));
        places.leave(source(1));

        assertThat(places.take(source(1))).isTrue();
        assertThat(places.sources()).isOne();

        places.leave(source(1));
        places.leave(source(1));
        assertThat(places.sources()).isZero();
    }
}
