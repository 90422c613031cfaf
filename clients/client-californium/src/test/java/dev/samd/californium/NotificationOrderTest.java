// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.eclipse.californium.core.coap.Token;
import org.junit.jupiter.api.Test;

class NotificationOrderTest {
    private static final Token TOKEN = new Token(new byte[] {1});
    private static final Token OTHER = new Token(new byte[] {2});

    private final NotificationOrder order = new NotificationOrder();

    @Test
    void onlyANewerNotificationIsAccepted() {
        order.begin(TOKEN, 5);

        assertThat(order.accept(TOKEN, 5)).isFalse();
        assertThat(order.accept(TOKEN, 7)).isTrue();
        assertThat(order.accept(TOKEN, 6)).isFalse();
    }

    @Test
    void observationsHaveOrdersOfTheirOwn() {
        order.begin(TOKEN, 5);

        assertThat(order.accept(OTHER, 1)).isTrue();
    }

    @Test
    void aNewRegistrationBeginsAnew() {
        order.begin(TOKEN, 5);
        order.begin(TOKEN, 2);

        assertThat(order.accept(TOKEN, 3)).isTrue();
    }

    @Test
    void theMemoryIsBounded() {
        order.begin(TOKEN, 5);
        for (int i = 0; i < 5_000; i++) {
            order.begin(new Token(new byte[] {9, (byte) (i >> 8), (byte) i}), i);
        }

        assertThat(order.accept(TOKEN, 1)).isTrue();
    }

    @Test
    void numbersRiseWithinTwentyFourBits() {
        int first = order.next();
        int second = order.next();

        assertThat(second).isEqualTo(first + 1);
        int highest = IntStream.range(0, 1 << 24).map(i -> order.next()).max().orElseThrow();
        assertThat(highest).isEqualTo((1 << 24) - 1);
    }
}
