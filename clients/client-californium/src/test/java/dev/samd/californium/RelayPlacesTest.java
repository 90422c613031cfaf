// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RelayPlacesTest {
    private static final long SECOND = 1_000_000_000L;

    private final RelayPlaces places = new RelayPlaces(bounds(5, 2, 1_000, 1_000), 0);

    private static RelayBounds bounds(int posts, int postsOfSource, int blocks, int blocksOfSource) {
        return new RelayBounds(posts, postsOfSource, blocks, blocksOfSource, 16_384, Duration.ZERO, Duration.ZERO);
    }

    private static InetAddress source(int last) throws Exception {
        return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
    }

    @Test
    void oneSourceLeavesRoomForOthers() throws Exception {
        assertThat(places.take(source(1), 1, 0)).isTrue();
        assertThat(places.take(source(1), 1, 0)).isTrue();
        assertThat(places.take(source(1), 1, 0)).isFalse();
        assertThat(places.take(source(2), 1, 0)).isTrue();
    }

    @Test
    void allSourcesTogetherHaveNoMoreThanAllPlaces() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(places.take(source(i), 1, 0)).isTrue();
        }

        assertThat(places.take(source(5), 1, 0)).isFalse();
    }

    @Test
    void aPlaceComesBackAndASourceWithoutOneIsForgotten() throws Exception {
        places.take(source(1), 1, 0);
        places.take(source(1), 1, 0);
        places.leave(source(1));

        assertThat(places.take(source(1), 1, 0)).isTrue();
        assertThat(places.sources()).isOne();

        places.leave(source(1));
        places.leave(source(1));
        assertThat(places.sources()).isZero();
    }

    @Test
    void whatOneSourceSendsInASecondIsBoundedByBlocksAndLeavesRoomForOthers() throws Exception {
        RelayPlaces rate = new RelayPlaces(bounds(100, 100, 20, 16), 0);

        assertThat(rate.take(source(1), 10, 0)).isTrue();
        assertThat(rate.take(source(1), 7, 0)).isFalse();
        assertThat(rate.take(source(1), 6, 0)).isTrue();
        assertThat(rate.take(source(2), 4, SECOND - 1)).isTrue();
        assertThat(rate.take(source(3), 1, SECOND - 1)).isFalse();

        assertThat(rate.take(source(1), 16, SECOND)).isTrue();
        assertThat(rate.take(source(1), 1, SECOND)).isFalse();
    }
}
