// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

            assertRefused(
                    () -> kdc.acceptor().accept(offer.token(), BINDING),
                    Refusal.REPEATED,
                    "ticket of alice@EXAMPLE.COM for coap/sensor-1@EXAMPLE.COM");
        }
    }

    private static void assertRefused(ThrowingCallable call, Refusal refusal, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.refusal())
                        .isEqualTo(refusal))
                .hasMessageContaining(words);
    }

    @Test
    void tokenOfAnotherRequestIsRefused() throws Exception {
        try (Tickets.Offer offer = offer(EmbeddedKdc.SERVICE)) {
            assertRefused(
                    () -> kdc.acceptor().accept(offer.token(), Messages.sha256(new byte[] {2})),
                    Refusal.REJECTED,
                    "ticket of alice@EXAMPLE.COM");
        }
    }

    @Test
    void ticketForAnotherServiceIsRefused() throws Exception {
        try (Tickets.Offer offer = offer(EmbeddedKdc.OTHER)) {
            assertRefused(
                    () -> kdc.acceptor().accept(offer.token(), BINDING),
                    Refusal.REJECTED,
                    "ticket for coap/sensor-2@EXAMPLE.COM");
        }
    }

    @Test
    void whatIsNoTokenIsMalformed() {
        assertRefused(() -> kdc.acceptor().accept(Octets.ofHex("6003020100"), BINDING), Refusal.MALFORMED, "");
    }

    /** JGSS is given the token first; this one reader is not allowed to need it. */
    @Test
    void changedTokenIsReadOrNotReadAndNothingElse() throws Exception {
        Random random = new Random(3);
        try (Tickets.Offer offer = offer(EmbeddedKdc.SERVICE)) {
            for (int round = 0; round < 1000; round++) {
                byte[] changed = offer.token().toArray();
                for (int i = 0; i < 3; i++) {
                    // Mostly lengths near the beginning, and lengths that lie.
                    changed[random.nextInt(random.nextBoolean() ? 60 : changed.length)] =
                            (byte) (0x80 + random.nextInt(5));
                }
                Octets token = Octets.of(changed);
                assertThatCode(() -> kdc.reader().read(token)).doesNotThrowAnyException();
            }
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
