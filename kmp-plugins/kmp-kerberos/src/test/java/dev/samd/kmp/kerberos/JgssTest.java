// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("the configuration of Kerberos is the JVM's")
class JgssTest {
    private static final Octets BINDING = Messages.sha256(new byte[] {1});

    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static EmbeddedKdc kdc;

    private final JgssTickets tickets = new JgssTickets();

    @BeforeAll
    static void startKdc(@TempDir Path directory) throws Exception {
        kdc = new EmbeddedKdc(directory);
    }

    @AfterAll
    static void stopKdc() throws Exception {
        kdc.close();
    }

    private Tickets.Offer offer(String service) throws KerberosException {
        return tickets.offer(kdc.service(service), BINDING);
    }

    @Test
    void bothSidesHoldTheSameSubkeyAndKnowEachOtherAndTheEndOfTheTicket() throws Exception {
        try (Tickets.Offer offer = offer(EmbeddedKdc.SERVICE)) {
            Acceptor.Accepted accepted = kdc.acceptor().accept(offer.token(), BINDING);

            try (KeyMaterial mine = offer.subkey(accepted.reply());
                    KeyMaterial theirs = accepted.subkey()) {
                assertThat(mine.sameAs(theirs)).isTrue();
            }
            assertThat(accepted.client()).isEqualTo(Principal.parse(EmbeddedKdc.CLIENT));
            assertThat(offer.service()).isEqualTo(Principal.parse(EmbeddedKdc.SERVICE));
            assertThat(accepted.end()).isEqualTo(offer.end()).isAfter(Instant.now());
        }
    }

    @Test
    void repeatedTokenIsRefused() throws Exception {
        try (Tickets.Offer offer = offer(EmbeddedKdc.SERVICE)) {
            kdc.acceptor().accept(offer.token(), BINDING).subkey().close();

            assertThatThrownBy(() -> kdc.acceptor().accept(offer.token(), BINDING))
                    .isInstanceOf(KerberosException.class);
        }
    }

    @Test
    void tokenOfAnotherRequestIsRefused() throws Exception {
        try (Tickets.Offer offer = offer(EmbeddedKdc.SERVICE)) {
            assertThatThrownBy(() -> kdc.acceptor().accept(offer.token(), Messages.sha256(new byte[] {2})))
                    .isInstanceOf(KerberosException.class);
        }
    }

    @Test
    void ticketForAnotherServiceIsRefused() throws Exception {
        try (Tickets.Offer offer = offer(EmbeddedKdc.OTHER)) {
            assertThatThrownBy(() -> kdc.acceptor().accept(offer.token(), BINDING))
                    .isInstanceOf(KerberosException.class);
        }
    }

    @Test
    void answerOfAnotherOfferIsRefused() throws Exception {
        try (Tickets.Offer one = offer(EmbeddedKdc.SERVICE);
                Tickets.Offer other = offer(EmbeddedKdc.SERVICE)) {
            Acceptor.Accepted accepted = kdc.acceptor().accept(one.token(), BINDING);
            accepted.subkey().close();

            assertThatThrownBy(() -> other.subkey(accepted.reply())).isInstanceOf(KerberosException.class);
        }
    }

    @Test
    void serviceThatTheCentreDoesNotKnowHasNoTicket() {
        assertThatThrownBy(() -> offer("coap/nobody@" + EmbeddedKdc.REALM))
                .isInstanceOf(KerberosException.class)
                .hasMessageContaining("coap/nobody");
    }
}
