// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.coap.CoapOption;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import org.junit.jupiter.api.Test;

/** Chains of pairs that took one another's place, with several successors of one pair, and their end. */
class SuccessionTest {
    private static final CoapOption OBSERVE_REGISTER = new CoapOption(CoapOption.OBSERVE, Octets.EMPTY);

    private final Host client = new Host();
    private final Host server = new Host();

    /** Both ends have the pair. At the client SA 10·pair sends, and SA 10·pair + 1 opens; at the server the other way round. */
    private void pair(long pair, long supersedes) {
        String toServer = String.format("2b%06x", pair);
        String toClient = String.format("16%06x", pair);
        int seed = (int) pair * 2;
        for (Host host : new Host[] {client, server}) {
            boolean atClient = host == client;
            String peer = atClient ? "coap://example.com" : "coap://device";
            Sas out = Sas.out(atClient ? toServer : toClient).keys(key(seed, atClient), "00000000");
            Sas in = Sas.in(atClient ? toClient : toServer).keys(key(seed, !atClient), "00000000");
            out.peer(peer).pair(pair).supersedes(supersedes).install(host.engine, pair * 10 + (atClient ? 0 : 1));
            in.peer(peer).pair(pair).supersedes(supersedes).install(host.engine, pair * 10 + (atClient ? 1 : 0));
        }
    }

    private static String key(int seed, boolean ofClient) {
        return String.format("%032x", seed * 2 + (ofClient ? 1 : 0));
    }

    private void retire(long pair) {
        for (Host host : new Host[] {client, server}) {
            host.engine.retire(new SaId(pair * 10));
            host.engine.retire(new SaId(pair * 10 + 1));
        }
    }

    private void giveWay(long pair, long by) {
        client.engine.supersede(new PairId(pair), new PairId(by));
        server.engine.supersede(new PairId(pair), new PairId(by));
    }

    private record Observation(Protected registration, Unprotected arrived) {}

    private Observation observe() {
        Protected registration = client.protect(Host.get("example.com", "temp", OBSERVE_REGISTER));
        return new Observation(registration, server.unprotect(registration.coap()));
    }

    private Unprotected notified(Observation observation) {
        byte[] notification = server.protect(
                        Host.response(0x45, "23.0", new CoapOption(CoapOption.OBSERVE, Octets.of((byte) 9))),
                        observation.arrived.reference())
                .coap();
        return client.unprotect(notification, observation.registration.reference());
    }

    @Test
    void whatBeganUnderAPairThatGaveWayGoesOnUnderTheOther() {
        pair(1, 0);
        pair(2, 1);
        pair(3, 1);
        Observation observation = observe();
        Unprotected before = notified(observation);
        assertThat(before.pair()).isEqualTo(new PairId(3));

        giveWay(3, 2);
        assertThat(notified(observation).pair()).isEqualTo(new PairId(3));
        retire(3);
        Unprotected after = notified(observation);

        assertThat(after.pair()).isEqualTo(new PairId(2));
        assertThat(after.observeOrder()).isGreaterThan(before.observeOrder());
    }

    @Test
    void theEndOfOneSuccessorLeavesTheOtherOne() {
        pair(1, 0);
        Observation observation = observe();
        pair(2, 1);
        pair(3, 1);
        retire(1);
        retire(3);

        assertThat(notified(observation).pair()).isEqualTo(new PairId(2));
    }

    @Test
    void neitherOfTwoAnswersForTheOtherBeforeOneGaveWay() {
        pair(1, 0);
        pair(2, 1);
        pair(3, 1);
        Observation observation = observe();
        server.engine.supersede(new PairId(3), new PairId(2));
        server.engine.retire(new SaId(31));

        byte[] notification = server.protect(Host.response(0x45, "A"), observation.arrived.reference())
                .coap();

        assertThat(client.discarded(notification, observation.registration.reference())
                        .reason())
                .isEqualTo(DiscardReason.BINDING_MISMATCH);
    }

    @Test
    void givingWayTwiceOrInACircleChangesNothing() {
        pair(1, 0);
        pair(2, 1);
        pair(3, 1);
        Observation observation = observe();
        giveWay(3, 2);
        giveWay(3, 2);
        giveWay(2, 3);
        giveWay(2, 2);
        giveWay(3, 77);
        giveWay(77, 3);
        retire(3);

        assertThat(notified(observation).pair()).isEqualTo(new PairId(2));
    }

    @Test
    void aChainIsRememberedUpToItsBoundAndNoLonger() {
        pair(1, 0);
        Observation observation = observe();
        int last = RecordEngine.CHAIN + 1;
        for (int i = 2; i <= last; i++) {
            pair(i, i - 1);
            retire(i - 1);
        }
        assertThat(notified(observation).pair()).isEqualTo(new PairId(last));

        pair(last + 1, last);

        SaException e = catchThrowableOfType(SaException.class, () -> notified(observation));
        assertThat(e.error()).isEqualTo(SaError.NO_SA_FOR_REPLY);
        assertThat(notified(observe()).pair()).isEqualTo(new PairId(last + 1));
    }
}
