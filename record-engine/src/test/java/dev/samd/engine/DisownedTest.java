// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.DiscardReason;
import org.junit.jupiter.api.Test;

/** What is heard of an answer in clear to a request that was protected. */
class DisownedTest {
    private static final int UNAUTHORIZED = 0x81;

    private final Host client = new Host();
    private byte[] reference = Host.NO_REFERENCE;

    private void request() {
        Sas.out("2b01").keys(10).pair(1).install(client.engine, 10);
        Sas.in("1645").keys(15).pair(1).install(client.engine, 11);
        reference = client.protect(Host.get("example.com", "a")).reference();
        client.wear.clear();
    }

    @Test
    void unauthorizedInClearIsHeardOfAndNotAccepted() {
        request();

        Discarded answer = client.discarded(Host.response(UNAUTHORIZED, ""), reference);

        assertThat(answer.reason()).isEqualTo(DiscardReason.MALFORMED);
        assertThat(client.wear).containsExactly("disowned 10");
    }

    @Test
    void itChangesNothing() {
        request();

        client.discarded(Host.response(UNAUTHORIZED, ""), reference);

        assertThat(client.protect(Host.get("example.com", "a")).sa().value()).isEqualTo(10);
    }

    @Test
    void otherErrorsSayNothingAboutSas() {
        request();

        for (int code : new int[] {0x45, 0x80, 0x84, 0xa0, 0xa3}) {
            client.discarded(Host.response(code, ""), reference);
        }

        assertThat(client.wear).isEmpty();
    }

    @Test
    void whoWasAskedNothingSaysNothing() {
        request();

        client.discarded(Host.response(UNAUTHORIZED, ""), Host.NO_REFERENCE);
        client.unprotectResult(Host.get("example.com", "a"), Host.NO_REFERENCE);

        assertThat(client.wear).isEmpty();
    }
}
