// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static dev.samd.kmp.ace.Hosts.assertPartners;
import static dev.samd.kmp.ace.Hosts.need;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.Spi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RekeyExchangeTest {
    private final Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
    private PairId clientPair = PairId.NONE;
    private PairId serverPair = PairId.NONE;

    @BeforeEach
    void confirmedPair() {
        hosts.client.acquire(need());
        clientPair = hosts.client.newestId();
        serverPair = hosts.server.newestId();
        hosts.client.confirmed(clientPair);
        hosts.server.confirmed(serverPair);
        hosts.client.sent.clear();
    }

    @Test
    void clientRekeysWithoutAToken() {
        KmpOutput end = hosts.client.acquire(need(clientPair, Hosts.SUITES));

        assertThat(end).isEqualTo(new KmpOutput.Done());
        assertThat(hosts.client.sent).hasSize(1);
        KeyedPair client = hosts.client.newest();
        KeyedPair server = hosts.server.newest();
        assertPartners(client, server);
        assertThat(client.supersedes()).isEqualTo(clientPair);
        assertThat(server.supersedes()).isEqualTo(serverPair);
        assertThat(client.unconfirmed()).isTrue();
        assertThat(server.unconfirmed()).isTrue();
    }

    @Test
    void identitiesRightsAndContentStayThoseOfTheLivePair() {
        hosts.client.acquire(need(clientPair, Hosts.SUITES));

        KeyedPair before = hosts.server.pairs.get(serverPair);
        KeyedPair after = hosts.server.newest();
        assertThat(after.inbound().identity()).isEqualTo(before.inbound().identity());
        assertThat(after.inbound().rights()).isEqualTo(before.inbound().rights());
        assertThat(after.inbound().peer()).isEqualTo(before.inbound().peer());
        assertThat(after.inbound().content()).isEqualTo(before.inbound().content());
        assertThat(after.inbound().spi()).isNotEqualTo(before.inbound().spi());
    }

    @Test
    void serverRekeysToo() {
        KmpOutput end = hosts.server.acquire(need(serverPair, Hosts.SUITES));

        assertThat(end).isEqualTo(new KmpOutput.Done());
        assertPartners(hosts.server.newest(), hosts.client.newest());
        assertThat(hosts.server.newest().role()).isEqualTo(PairRole.INITIATOR);
        assertThat(hosts.client.newest().supersedes()).isEqualTo(clientPair);
    }

    @Test
    void rekeyGoesUnderTheLivePair() {
        List<Outgoing> requests = new ArrayList<>();
        hosts.client.network = request -> {
            requests.add(request);
            return hosts.server.from(hosts.client).apply(request);
        };

        hosts.client.acquire(need(clientPair, Hosts.SUITES));

        assertThat(requests.get(0).path()).isEqualTo("/.well-known/samd/rekey");
        assertThat(requests.get(0).protectedAs())
                .contains(hosts.client.pairs.get(clientPair).outbound().local());
    }

    @Test
    void chainOfRekeysGoesOn() {
        for (int i = 0; i < 5; i++) {
            hosts.client.acquire(need(hosts.client.newestId(), Hosts.SUITES));
            assertPartners(hosts.client.newest(), hosts.server.newest());
            hosts.client.confirmed(hosts.client.newestId());
            hosts.server.confirmed(hosts.server.newestId());
        }

        assertThat(hosts.client.pairs).hasSize(6);
        assertThat(hosts.client.outputs.stream().filter(KmpOutput.Failed.class::isInstance))
                .isEmpty();
    }

    @Test
    void newPairOfTheTokenSupersedesTheRekeyedOne() {
        hosts.client.acquire(need(clientPair, Hosts.SUITES));
        PairId rekeyed = hosts.server.newestId();
        hosts.server.confirmed(rekeyed);

        hosts.client.acquire(need());

        assertThat(hosts.server.newest().supersedes()).isEqualTo(rekeyed);
    }

    @Test
    void repeatedRequestGetsTheSameAnswerUntilConfirmed() {
        hosts.client.acquire(need(clientPair, Hosts.SUITES));
        Octets post = hosts.client.sent.get(0);

        Answer again = hosts.server.serve(under(serverPair, post));
        hosts.server.confirmed(hosts.server.newestId());
        Answer late = hosts.server.serve(under(serverPair, post));

        assertThat(again.code()).isEqualTo(Answer.CREATED);
        assertThat(PostCodec.readAnswer(again.payload()).orElseThrow().id2())
                .isEqualTo(hosts.client.newest().outbound().spi());
        assertThat(late.code()).as("the secret of the old pair is erased").isEqualTo(Answer.UNAUTHORIZED);
        assertThat(hosts.server.pairs).hasSize(2);
    }

    @Test
    void requestInClearIsRefused() {
        Octets post = PostCodec.rekey(Octets.of(new byte[8]), Spi.ofHex("0a"), List.of(0xc0a4));

        assertThat(hosts.server.serve(ProfileLabels.REKEY, 19, post).code()).isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void requestUnderAPairOfAnotherKmpIsRefused() {
        Octets post = PostCodec.rekey(Octets.of(new byte[8]), Spi.ofHex("0a"), List.of(0xc0a4));
        KeyedPair pair = hosts.server.pairs.get(serverPair);
        InstalledPair strange = TestHost.installed(new PairId(0xabcdef), pair, KeyMaterial.adopt(new byte[0]));

        Answer answer = hosts.server.serve(new Incoming(
                ProfileLabels.REKEY, 2, 19, post, "192.0.2.1:5683", hosts.server.name, Optional.of(strange)));

        assertThat(answer.code()).isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void malformedRequestIsRefused() {
        assertThat(hosts.server.serve(under(serverPair, Octets.ofHex("a0"))).code())
                .isEqualTo(Answer.BAD_REQUEST);
        assertThat(hosts.server
                        .serve(under(serverPair, Octets.of(new byte[600])))
                        .code())
                .isEqualTo(Answer.BAD_REQUEST);
    }

    @Test
    void suiteIsTheFirstOfferedOneThatBothHave() {
        hosts.client.acquire(need(
                clientPair,
                List.of(
                        CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
                        CipherSuite.TLS_PSK_WITH_AES_128_CCM)));

        assertThat(hosts.client.newest().outbound().suite()).isEqualTo(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256);
        assertPartners(hosts.client.newest(), hosts.server.newest());
    }

    @Test
    void failedRekeyGoesOnWithTheToken() {
        hosts.client.network = request -> request.path().equals(ProfileLabels.REKEY)
                ? Optional.empty()
                : hosts.server.from(hosts.client).apply(request);

        KmpOutput end = hosts.client.acquire(need(clientPair, Hosts.SUITES));

        assertThat(end).isEqualTo(new KmpOutput.Done());
        assertPartners(hosts.client.newest(), hosts.server.newest());
        assertThat(hosts.client.newest().supersedes()).isEqualTo(clientPair);
        assertThat(hosts.server.newest().supersedes()).isEqualTo(serverPair);
        assertThat(hosts.client.outputs.stream().filter(KmpOutput.ReserveSpi.class::isInstance))
                .as("one for each of the two acquires: the SPI is used again")
                .hasSize(2);
    }

    @Test
    void serverWithoutATokenSaysThatItsRekeyFailed() {
        hosts.server.network = request -> Optional.empty();

        KmpOutput end = hosts.server.acquire(need(serverPair, Hosts.SUITES));

        assertThat(end).isInstanceOf(KmpOutput.Failed.class);
        assertThat(((KmpOutput.Failed) end).errno()).isEqualTo(Reasons.ENOKEY);
    }

    @Test
    void pairThatItsTokenEndsIsReplacedByANewToken() {
        hosts.client.now = Tokens.NOW.plusSeconds(3000);
        hosts.server.now = hosts.client.now;

        hosts.client.acquire(need(clientPair, Hosts.SUITES));

        assertThat(PostCodec.readPost(hosts.client.sent.get(0), false))
                .as("a token")
                .isPresent();
    }

    @Test
    void ofTwoRunsAtOnceTheSmallerNonceGivesWay() {
        Negotiation ofClient = hosts.client.kmp.initiate(need(clientPair, Hosts.SUITES));
        Negotiation ofServer = hosts.server.kmp.initiate(need(serverPair, Hosts.SUITES));
        ofClient.start(Tokens.NOW);
        ofServer.start(Tokens.NOW);
        Octets clientPost = sent(ofClient.onReserved(Tokens.NOW, hosts.client.nextSpi()));
        Octets serverPost = sent(ofServer.onReserved(Tokens.NOW, hosts.server.nextSpi()));
        boolean clientWins = n1(clientPost).compareTo(n1(serverPost)) > 0;

        Answer toClient = hosts.server.serve(under(serverPair, clientPost));
        Answer toServer = hosts.client.serve(new Incoming(
                ProfileLabels.REKEY,
                2,
                19,
                serverPost,
                "192.0.2.2:5683",
                hosts.client.name,
                Optional.of(TestHost.installed(
                        clientPair, hosts.client.pairs.get(clientPair), KeyMaterial.adopt(new byte[0])))));
        List<KmpOutput> clientEnd = ofClient.onAnswer(Tokens.NOW, 1, toClient);
        List<KmpOutput> serverEnd = ofServer.onAnswer(Tokens.NOW, 1, toServer);

        assertThat(toClient.code()).isEqualTo(clientWins ? Answer.CREATED : Answer.CONFLICT);
        assertThat(toServer.code()).isEqualTo(clientWins ? Answer.CONFLICT : Answer.CREATED);
        assertThat(clientWins ? serverEnd : clientEnd).containsExactly(new KmpOutput.Done());
        KmpOutput.Install install = (KmpOutput.Install) TestHost.last(clientWins ? clientEnd : serverEnd);
        assertPartners(install.pair(), (clientWins ? hosts.server : hosts.client).newest());
    }

    @Test
    void pairIsRekeyedAfterARestart() {
        KeyedPair live = hosts.client.pairs.get(clientPair);
        AceKmp restarted = new AceKmp(new AceSettings(Optional.empty(), List.of(), List.of()), new java.util.Random(9));
        restarted.recalled(
                Tokens.NOW,
                List.of(new InstalledPair(
                        clientPair,
                        live.inbound(),
                        live.outbound(),
                        live.role(),
                        false,
                        PairId.NONE,
                        KeyMaterial.adopt(Tokens.shown(live.kmpPrivate()).toArray()))));
        TestHost client = new TestHost(restarted, "coap://client", 0x3000);
        client.pairs.put(clientPair, live);
        client.network = hosts.server.from(client);

        KmpOutput end = client.acquire(need(clientPair, Hosts.SUITES));

        assertThat(end).isEqualTo(new KmpOutput.Done());
        assertPartners(client.newest(), hosts.server.newest());
    }

    @Test
    void endedPairIsNotRekeyed() {
        hosts.server.ended(serverPair);
        Octets post = PostCodec.rekey(Octets.of(new byte[8]), Spi.ofHex("0a"), List.of(0xc0a4));

        assertThat(hosts.server.serve(under(serverPair, post)).code()).isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void abandonedRunWipesItsSecret() {
        Negotiation run = hosts.client.kmp.initiate(need(clientPair, Hosts.SUITES));
        run.start(Tokens.NOW);
        run.onReserved(Tokens.NOW, hosts.client.nextSpi());

        run.abandon();

        assertThat(hosts.client.acquire(need(clientPair, Hosts.SUITES))).isEqualTo(new KmpOutput.Done());
    }

    private Incoming under(PairId pair, Octets payload) {
        return new Incoming(
                ProfileLabels.REKEY,
                2,
                19,
                payload,
                "192.0.2.1:5683",
                hosts.server.name,
                Optional.of(TestHost.installed(pair, hosts.server.pairs.get(pair), KeyMaterial.adopt(new byte[0]))));
    }

    private static Octets sent(List<KmpOutput> outputs) {
        return outputs.stream()
                .filter(KmpOutput.Send.class::isInstance)
                .map(output -> ((KmpOutput.Send) output).request().payload())
                .findFirst()
                .orElseThrow();
    }

    private static Octets n1(Octets post) {
        return PostCodec.readPost(post, true).orElseThrow().n1();
    }
}
