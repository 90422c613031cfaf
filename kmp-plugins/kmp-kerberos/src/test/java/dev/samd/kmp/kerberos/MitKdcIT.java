// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samd.kmp.Answer;
import dev.samd.kmp.kit.Reasons;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both sides with tickets of MIT's key distribution centre. */
class MitKdcIT {
    private static final String CLIENT = "alice@" + MitKdc.REALM;
    private static final String SERVICE = "coap/sensor-1@" + MitKdc.REALM;
    private static final Octets N1 = Octets.ofHex("0001020304050607");
    private static final Spi ID1 = Spi.ofHex("1645");
    private static final List<Integer> SUITES = List.of(EmbeddedKdc.SUITE.code());

    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static MitKdc kdc;

    @BeforeAll
    static void startKdc(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(MitKdc.PROGRAM), "krb5-kdc is needed");
        kdc = new MitKdc(directory);
        kdc.add("alice");
        kdc.export("alice", "alice.keytab");
        kdc.add("coap/sensor-1");
        kdc.export("coap/sensor-1", "sensor-1.keytab");
    }

    @AfterAll
    static void stopKdc() {
        if (kdc != null) {
            kdc.close();
        }
    }

    private static Service byKeytab(String service) {
        return new Service("coap://*", service, CLIENT, kdc.file("alice.keytab").toString(), "");
    }

    private static Service byCache(Path cache) {
        return new Service("coap://*", SERVICE, "", "", cache.toString());
    }

    private static KerberosKmp server(String principal, String keytab) {
        Limits day = new Limits(Duration.ofDays(1), Duration.ZERO, 0, 0, 0);
        Acceptor acceptor =
                new JgssAcceptor(Principal.parse(principal), kdc.file(keytab).toFile());
        return new KerberosKmp(
                new KerberosSettings(
                        Optional.of(new KerberosSettings.Server(
                                acceptor, List.of(EmbeddedKdc.SUITE), new Lifetime(day, day), true)),
                        List.of()),
                new JgssTickets(),
                new Random(1));
    }

    private static Joined joined(Service service, Tickets tickets, KerberosKmp server) {
        KerberosKmp client =
                new KerberosKmp(new KerberosSettings(Optional.empty(), List.of(service)), tickets, new Random(2));
        return new Joined(new Parties(client, server, EmbeddedKdc.need(), Instant.now()), 1);
    }

    private static Joined joined(Service service) {
        return joined(service, new JgssTickets(), server(SERVICE, "sensor-1.keytab"));
    }

    /** The pair of both sides, after a run that has to be good. */
    private static Installed pair(Joined joined) {
        joined.acquire();
        joined.clock.run(Joined.ALL);
        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.refusals()).isEmpty();
        Installed mine = joined.initiatorKeys.pairs().get(0);
        Installed theirs = joined.partnerOf(mine).orElseThrow();
        assertThat(theirs.inboundKey()).isEqualTo(mine.outboundKey());
        assertThat(theirs.outboundKey()).isEqualTo(mine.inboundKey());
        assertThat(theirs.inbound().rights().expires())
                .isEqualTo(mine.inbound().rights().expires());
        return mine;
    }

    private static Instant end(Installed pair) {
        return pair.inbound().rights().expires().orElseThrow();
    }

    private static String failure(Joined joined) {
        joined.acquire();
        joined.clock.run(Joined.ALL);
        return joined.initiatorKeys.failures().get(joined.need().sequence()).reason();
    }

    /** A request around a token that was made before. */
    private static Answer post(Joined joined, Octets token) {
        return joined.post(Messages.RESOURCE, 2, Messages.FORMAT, Messages.request(token, N1, ID1, SUITES))
                .orElseThrow();
    }

    private static Octets token(Service service) throws KerberosException {
        try (Tickets.Offer offer = new JgssTickets().offer(service, Messages.binding(N1, ID1, SUITES))) {
            return offer.token();
        }
    }

    private static String text(Answer answer) {
        return new String(answer.payload().toArray(), StandardCharsets.US_ASCII);
    }

    @Test
    void clientWithAKeytabIsWhoTheCentreSays() {
        Joined joined = joined(byKeytab(SERVICE));

        Installed mine = pair(joined);

        assertThat(mine.inbound().identity()).isEqualTo(Principal.parse(SERVICE).identity());
        Identity client = joined.responderKeys.pairs().get(0).inbound().identity();
        assertThat(client).isEqualTo(Principal.parse(CLIENT).identity());
    }

    @Test
    void pairOfACredentialCacheEndsWhenKlistSaysThatTheTicketDoes() throws Exception {
        Path cache = kdc.kinit("alice", "alice.keytab", "alice.cache", "2h");

        Installed mine = pair(joined(byCache(cache)));

        assertThat(end(mine)).isEqualTo(kdc.klistEnd(cache));
    }

    @ParameterizedTest
    @CsvSource({
        "aes256-cts-hmac-sha1-96",
        "aes128-cts-hmac-sha1-96",
        "aes256-cts-hmac-sha384-192",
        "aes128-cts-hmac-sha256-128"
    })
    void ticketUnderEachTypeOfKeyIsGoodUntilItsEnd(String type) throws Exception {
        String service = "coap/" + type;
        kdc.add(service, "-e", type + ":normal", "-maxlife", "1hour");
        kdc.export(service, type + ".keytab");
        String principal = service + "@" + MitKdc.REALM;
        Instant before = Instant.now();

        Installed mine = pair(joined(byKeytab(principal), new JgssTickets(), server(principal, type + ".keytab")));

        assertThat(end(mine)).isBetween(before.plusSeconds(3590), before.plusSeconds(3660));
    }

    @Test
    void keyOfATypeThatIsNotPermittedIsNone() throws Exception {
        kdc.add("coap/old", "-e", "arcfour-hmac:normal");
        kdc.export("coap/old", "old.keytab");

        assertThat(Keytab.fault(kdc.file("old.keytab"), "coap/old@" + MitKdc.REALM))
                .hasValueSatisfying(fault -> assertThat(fault)
                        .contains("old.keytab", "coap/old@EXAMPLE.ORG", "encryption type that krb5.conf permits"));
    }

    @Test
    void repeatedRequestIsRefusedByTheHashAndByTheCacheOfTheJdk() throws Exception {
        Octets token = token(byKeytab(SERVICE));
        Joined first = joined(byKeytab(SERVICE));
        Joined other = joined(byKeytab(SERVICE));
        assertThat(post(first, token).code()).isEqualTo(Answer.CREATED);

        assertThat(post(first, token).code()).as("its answer is given again").isEqualTo(Answer.CREATED);
        first.clock.run(Duration.ofSeconds(61));
        Answer late = post(first, token);
        Answer elsewhere = post(other, token);

        for (Answer refused : List.of(late, elsewhere)) {
            assertThat(refused.code()).isEqualTo(Answer.UNAUTHORIZED);
            assertThat(text(refused)).matches("KRB_AP_ERR_REPEAT \\d+");
        }
        assertThat(first.refusals()).containsExactly("an AP-REQ that was shown before");
        assertThat(other.refusals()).singleElement().asString().contains("ticket of alice@EXAMPLE.ORG for " + SERVICE);
        assertThat(first.responderKeys.pairs()).hasSize(1);
        assertThat(other.responderKeys.pairs()).isEmpty();
    }

    @Test
    void ticketForAnotherServiceIsRefusedWithoutAWordToItsSender() throws Exception {
        kdc.add("coap/sensor-2");
        Joined joined = joined(byKeytab("coap/sensor-2@" + MitKdc.REALM));

        assertThat(failure(joined)).isEqualTo("coap://sensor-1/authz-info-krb answered 4.01, unauthenticated");

        assertThat(joined.refusals()).singleElement().asString().contains("ticket for coap/sensor-2@EXAMPLE.ORG");
    }

    @Test
    void ticketThatHasEndedByTheClockHereIsRefusedWithTheTimeHere() throws Exception {
        Octets token = token(byKeytab(SERVICE));
        Joined joined = joined(byKeytab(SERVICE));
        joined.clock.run(Duration.ofHours(11));

        Answer answer = post(joined, token);

        assertThat(answer.code()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(text(answer))
                .isEqualTo("KRB_AP_ERR_TKT_EXPIRED " + joined.clock.now().getEpochSecond());
        assertThat(joined.refusals()).singleElement().asString().startsWith("ticket of alice@EXAMPLE.ORG ended at ");
    }

    /** The ticket lives for a second, and this JVM allows for a clock skew of one more. */
    @Test
    void ticketThatHasEndedIsRefusedByTheJdk() throws Exception {
        kdc.add("coap/short", "-maxlife", "1second");
        kdc.export("coap/short", "short.keytab");
        Path cache = kdc.kinit("alice", "alice.keytab", "short.cache", "1h");
        kdc.run("kvno", "-c", cache.toString(), "coap/short");
        Joined joined = joined(byKeytab(SERVICE), new JgssTickets(), server("coap/short@EXAMPLE.ORG", "short.keytab"));
        try {
            kdc.writeConfiguration(1);
            token(byKeytab(SERVICE)); // a login reads the configuration anew

            await().pollInSameThread()
                    .pollInterval(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(
                                    text(post(joined, CraftedRequest.token(cache, "coap/short", Instant.now()))))
                            .matches("KRB_AP_ERR_TKT_EXPIRED \\d+"));
            assertThat(joined.refusals().get(joined.refusals().size() - 1)).contains("Ticket expired (32)");
        } finally {
            kdc.writeConfiguration(300);
            token(byKeytab(SERVICE));
        }
    }

    @Test
    void clientWhoseClockIsWrongIsToldSo() throws Exception {
        Path cache = kdc.kinit("alice", "alice.keytab", "skewed.cache", "1h");
        kdc.run("kvno", "-c", cache.toString(), "coap/sensor-1");
        for (int minutes : new int[] {-10, 10}) {
            Instant clock = Instant.now().plusSeconds(60L * minutes);
            Octets token = CraftedRequest.token(cache, "coap/sensor-1", clock);
            Joined joined = joined(byKeytab(SERVICE), new Given(token), server(SERVICE, "sensor-1.keytab"));

            String reason = failure(joined);

            assertThat(reason)
                    .startsWith("coap://sensor-1/authz-info-krb answered 4.01, unauthenticated: it says that the clocks"
                            + " differ by too much");
            assertThat(joined.refusals()).singleElement().asString().contains("ticket of alice@EXAMPLE.ORG", "(37)");
        }
        Joined joined = joined(byKeytab(SERVICE));
        post(joined, CraftedRequest.token(cache, "coap/sensor-1", Instant.now()));
        assertThat(joined.refusals())
                .as("at the right time only the binding is wrong")
                .noneMatch(why -> why.contains("(37)"));
    }

    /*
     * centre              server's keytab
     * key 1               key 1            ticket under 1 is good
     * key 2               key 1            ticket under 2 is refused: the keytab has to follow
     * key 2               keys 1 and 2     both are good, without a restart
     * key 2               key 2            the old one is refused
     */
    @Test
    void rotatedKeyCountsFromTheNextRequestOnAndTheOldOneAsLongAsItIsInTheKeytab() throws Exception {
        kdc.add("coap/rotated");
        kdc.export("coap/rotated", "rotated.keytab");
        String principal = "coap/rotated@" + MitKdc.REALM;
        KerberosKmp server = server(principal, "rotated.keytab");
        Joined joined = joined(byKeytab(principal), new JgssTickets(), server);
        Octets old = token(byKeytab(principal));
        Octets older = token(byKeytab(principal));
        kdc.kadmin("cpw -randkey -keepold coap/rotated");
        Octets fresh = token(byKeytab(principal));

        assertThat(post(joined, fresh).code()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(joined.refusals())
                .singleElement()
                .asString()
                .contains("ticket for coap/rotated@EXAMPLE.ORG under version 2", "no key of the keytab opens");

        Files.delete(kdc.file("rotated.keytab"));
        kdc.export("coap/rotated", "rotated.keytab");
        assertThat(post(joined, fresh).code()).isEqualTo(Answer.CREATED);
        assertThat(post(joined, old).code()).isEqualTo(Answer.CREATED);

        kdc.kadmin("ktrem -k " + kdc.file("rotated.keytab") + " coap/rotated 1");
        assertThat(post(joined, older).code()).isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void clientSaysWhyItHasNoTicket() throws Exception {
        assertThat(failure(joined(byKeytab("coap/nobody@" + MitKdc.REALM))))
                .startsWith("no ticket for coap://sensor-1: ticket for coap/nobody@EXAMPLE.ORG: ")
                .contains("Server not found in Kerberos database (7)");
        assertThat(failure(joined(byCache(kdc.file("missing.cache")))))
                .contains("cannot read credential cache", "missing.cache; kinit makes one");
    }

    @Test
    void centreThatIsAwayIsNamedByWhatItKeepsFromWorking() throws Exception {
        int nobodys;
        try (ServerSocket unused = new ServerSocket(0)) {
            nobodys = unused.getLocalPort();
        }
        try {
            Krb5Conf.write(kdc.file("krb5.conf"), MitKdc.REALM, nobodys, 300);

            assertThat(failure(joined(byKeytab(SERVICE))))
                    .startsWith("no ticket for coap://sensor-1: login of alice@EXAMPLE.ORG with keytab ")
                    .contains("Connection refused");
        } finally {
            kdc.writeConfiguration(300);
        }
    }

    /** Offers a token that was made before. */
    private record Given(Octets token) implements Tickets, Tickets.Offer {
        @Override
        public Offer offer(Service service, Octets binding) {
            return this;
        }

        @Override
        public Principal service() {
            return Principal.parse(SERVICE);
        }

        @Override
        public Instant end() {
            return Instant.MAX;
        }

        @Override
        public KeyMaterial subkey(Octets reply) throws KerberosException {
            throw new KerberosException(Reasons.EKEYREJECTED, "nobody answers this");
        }

        @Override
        public void close() {}
    }
}
