// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.Joined;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What becomes of an exchange when something else happens meanwhile. */
@Isolated("the configuration of Kerberos is the JVM's")
class KerberosExchangeTest {
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static EmbeddedKdc kdc;

    @BeforeAll
    static void startKdc(@TempDir Path directory) throws Exception {
        kdc = new EmbeddedKdc(directory);
    }

    @AfterAll
    static void stopKdc() throws Exception {
        kdc.close();
    }

    private static Joined joined() {
        return new Joined(kdc.parties(1), 1);
    }

    private static Answer repeat(Joined joined) {
        List<Outgoing> posts = joined.link.negotiated();
        Outgoing last = posts.get(posts.size() - 1);
        return joined.post(last.path(), 2, last.contentFormat(), last.payload()).orElseThrow();
    }

    private static String failure(Joined joined) {
        return joined.initiatorKeys.failures().get(joined.need().sequence()).reason();
    }

    /*
     * sensor-2                       sensor-1
     *   | AP-REQ for sensor-1           |
     *   |----------\       /------------| AP-REQ for sensor-2
     *   |           \     /             |
     *   |            \   /              |
     *   |<------------\-/-------------->|
     *   | installs     X                | installs
     *   |<------------/ \-------------->|
     *   | AP-REP                 AP-REP |
     *
     * Two pairs, both unconfirmed, neither in the place of the other: whichever is used first stays, and the one that nobody
     * uses ends by its time.
     */
    @Test
    void bothSidesStartAtOnceAndBothPairsStand() {
        Joined joined = new Joined(kdc.twoServices(1), 1);
        joined.link.makeBad(0, 0, 0, 500);
        joined.back.makeBad(0, 0, 0, 500);

        joined.acquire();
        joined.acquireBack(EmbeddedKdc.need("coap://sensor-2"));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.responderKeys.failures()).isEmpty();
        assertThat(joined.initiatorKeys.pairs()).hasSize(2).allSatisfy(pair -> {
            Installed other = joined.partnerOf(pair).orElseThrow();
            assertThat(other.inboundKey()).isEqualTo(pair.outboundKey());
            assertThat(other.outboundKey()).isEqualTo(pair.inboundKey());
            assertThat(List.of(pair.supersedes(), other.supersedes())).containsOnly(PairId.NONE);
            assertThat(pair.unconfirmed() && other.unconfirmed()).isTrue();
        });
        assertThat(joined.responderKeys.pairs()).hasSize(2);
        assertThat(joined.running()).isZero();
    }

    /*
     * client                         server
     *   | AP-REQ                        |
     *   |------------------------------>| installs
     *   |            lost <--- AP-REP   |
     *   | the same request, within 60 s |
     *   |------------------------------>| nothing is installed
     *   |<------------- the same AP-REP |
     *   | the same request, after 60 s  |
     *   |------------------------------>| KRB_AP_ERR_REPEAT
     */
    @Test
    void lostAnswerIsGivenAgainForAWhileAndTheRequestIsARepetitionThen() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));

        Answer again = repeat(joined);
        joined.clock.run(Duration.ofSeconds(61));
        Answer late = repeat(joined);

        assertThat(again.code()).isEqualTo(Answer.CREATED);
        assertThat(Refusal.read(late, joined.clock.now()))
                .hasValueSatisfying(words -> assertThat(words).contains("shown this request before"));
        assertThat(joined.responderKeys.pairs()).hasSize(1);
    }

    /*
     * client                         server
     *   | AP-REQ                        |
     *   |------------------------------>| installs, unconfirmed
     *   |            lost <--- AP-REP   |    (and so are all repetitions)
     *   | gives up after 93 s           |
     *   | a new AP-REQ                  |
     *   |------------------------------>| installs; takes the place of none, since the first was never confirmed
     *   |<---------------------- AP-REP |
     */
    @Test
    void answerThatIsLostForGoodLeavesAPairThatIsInNobodysWay() {
        Joined joined = joined();
        joined.link.loseAnswers(5);
        joined.acquire();
        joined.clock.run(Joined.ALL);
        assertThat(failure(joined)).isEqualTo("no answer from coap://sensor-1/authz-info-krb");

        joined.acquire(joined.need(2, PairId.NONE));
        joined.clock.run(Joined.ALL);

        Installed mine = joined.initiatorKeys.pairs().get(0);
        Installed theirs = joined.partnerOf(mine).orElseThrow();
        assertThat(joined.responderKeys.pairs()).hasSize(2).allMatch(Installed::unconfirmed);
        assertThat(theirs.supersedes()).isEqualTo(PairId.NONE);
    }

    /*
     * client                         server
     *   | AP-REQ                        |
     *   |------------------------------>|
     *   | acquire withdrawn             | installs
     *   |<---------------------- AP-REP |
     *   | nobody waits for it           |
     */
    @Test
    void answerThatComesAfterTheEndOfItsRunChangesNothing() {
        Joined joined = joined();
        joined.link.makeBad(0, 0, 0, 2000);
        joined.acquire();
        joined.clock.run(Duration.ofMillis(1));

        joined.initiatorKeys.withdraw(joined.kmp(), joined.need().sequence(), "nobody waits any more");
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).isEmpty();
        assertThat(joined.initiatorKeys.reserved()).isEmpty();
        assertThat(joined.initiatorKeys.openKeys() + joined.responderKeys.openKeys())
                .isZero();
        assertThat(joined.responderKeys.pairs()).allMatch(Installed::unconfirmed);
        assertThat(joined.running()).isZero();
    }

    /*
     * client                         server
     *   | AP-REQ                        |
     *   |------------------------------>| installs, unconfirmed
     * restart                        restart
     *   | a new AP-REQ                  |
     *   |------------------------------>| installs; knows the first pair again, and leaves it alone
     *   |<---------------------- AP-REP |
     */
    @Test
    void restartInTheMiddleLeavesAPairToItsTimeAndTheNextRunIsGood() {
        Joined joined = joined();
        joined.link.loseAnswers(1);
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));
        assertThat(joined.responderKeys.pairs()).hasSize(1);

        joined.restart(kdc.parties(2));
        joined.acquire(joined.need(2, PairId.NONE));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertThat(joined.partnerOf(joined.initiatorKeys.pairs().get(0))
                        .orElseThrow()
                        .supersedes())
                .isEqualTo(PairId.NONE);
        assertThat(joined.running()).isZero();
    }

    /*
     * client                         server
     *   | AP-REQ                        |
     *   |-------------------\           |
     *   |         ticket ends \         |
     *   |                       \------>| KRB_AP_ERR_TKT_EXPIRED
     */
    @Test
    void ticketThatEndsOnItsWayIsRefused() {
        Joined joined = joined();
        joined.link.silenceFrom(0);
        joined.acquire();
        joined.clock.run(Duration.ofHours(25));

        Answer answer = repeat(joined);

        assertThat(Refusal.read(answer, joined.clock.now()))
                .contains("it says that the ticket has expired; its clock shows the same time as the one here");
        assertThat(joined.responderKeys.pairs()).isEmpty();
    }

    /*
     * client                         server
     *   | AP-REQ                        |
     *   |------------------------------>| installs
     *   |           /--------- AP-REP   |
     *   | ticket   /                    |
     *   | ends    /                     |
     *   |<-------/                      |
     *   | fails: such a pair would have no time
     */
    @Test
    void ticketThatEndsBeforeTheAnswerComesMakesNoPair() {
        Joined[] joined = new Joined[1];
        Tickets endsSoon = (service, binding) -> new EndsAt(
                new JgssTickets().offer(service, binding), joined[0].clock.now().plusMillis(1));
        joined[0] = new Joined(kdc.parties(1, endsSoon), 1);
        joined[0].link.makeBad(0, 0, 0, 2000);

        joined[0].acquire();
        joined[0].clock.run(Joined.ALL);

        assertThat(failure(joined[0]))
                .isEqualTo(
                        "the ticket for coap/sensor-1@EXAMPLE.COM ended before coap://sensor-1/authz-info-krb answered");
        assertThat(joined[0].initiatorKeys.pairs()).isEmpty();
        assertThat(joined[0].initiatorKeys.openKeys()).isZero();
    }

    /** An offer whose ticket ends at another time. */
    private record EndsAt(Tickets.Offer offer, Instant end) implements Tickets.Offer {
        @Override
        public Octets token() {
            return offer.token();
        }

        @Override
        public Principal service() {
            return offer.service();
        }

        @Override
        public KeyMaterial subkey(Octets reply) throws KerberosException {
            return offer.subkey(reply);
        }

        @Override
        public void close() {
            offer.close();
        }
    }
}
