// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Need;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a pair that nobody uses is confirmed by its initiator, and when it is not. What holds of every KMP is in the contract test. */
class ConfirmationProbesTest {
    private static final Endpoint PROXY = Endpoint.parse("coap://proxy");

    private final Joined joined = new Joined(parties(), 1);

    private static Parties parties() {
        Need need = ToyKmp.need(7);
        Need throughProxy = new Need(
                need.sequence(),
                need.local(),
                need.target(),
                Optional.of(PROXY),
                need.content(),
                need.form(),
                need.suites(),
                need.acceptable(),
                need.replaces(),
                need.lifetime(),
                need.window(),
                need.reqid());
        return new Parties(
                new ToyKmp(new Random(1)),
                new ToyKmp(new Random(2)),
                throughProxy,
                Instant.parse("2026-11-24T12:00:00Z"));
    }

    private Installed installed() {
        joined.acquire();
        return joined.initiatorKeys.pairs().get(0);
    }

    @Test
    void probeTakesTheWayOfTheNegotiation() {
        installed();

        joined.clock.run(Joined.ALL);

        assertThat(joined.link.probes()).singleElement().satisfies(probe -> {
            assertThat(probe.via()).contains(PROXY);
            assertThat(probe.path()).isEqualTo(ToyKmp.RESOURCE);
        });
    }

    @Test
    void pairThatEndedIsNotProbedSinceThatWouldAskForAnother() {
        Installed pair = installed();

        joined.initiatorKeys.tell(joined.kmp(), new PairEvent.Ended(pair.id(), Octets.EMPTY));
        joined.clock.run(Joined.ALL);

        assertThat(joined.link.probes()).isEmpty();
    }

    @Test
    void lostConnectionToTheDaemonIsOutlived() {
        installed();

        joined.initiatorKeys.goAway();
        joined.clock.run(Duration.ofMillis(500));
        joined.initiatorKeys.comeBack();
        joined.clock.run(Joined.ALL);

        assertThat(joined.link.probes()).hasSize(1);
    }

    @Test
    void pairThatWasConfirmedMeanwhileIsNotProbed() {
        Installed pair = installed();

        joined.initiatorKeys.goAway();
        // Nobody hears of it: the registration is broken.
        joined.initiatorKeys.tell(joined.kmp(), new PairEvent.Confirmed(pair.id()));
        joined.initiatorKeys.comeBack();
        joined.clock.run(Joined.ALL);

        assertThat(joined.link.probes()).isEmpty();
    }

    @Test
    void pairOfAKmpThatStopsIsLeftToOthers() {
        installed();

        joined.close();
        joined.clock.run(Joined.ALL);

        assertThat(joined.link.probes()).isEmpty();
    }

    @Test
    void theOtherSideSendsNothing() {
        installed();

        joined.clock.run(Joined.ALL);

        assertThat(joined.back.sent()).isEmpty();
    }
}
