// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static dev.samd.kmp.ace.Hosts.assertPartners;
import static dev.samd.kmp.ace.Hosts.need;
import static org.assertj.core.api.Assertions.assertThat;

import com.upokecenter.cbor.CBORObject;
import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.Screening;
import dev.samd.kmp.ace.token.TokenEdit;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.Rights;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TokenExchangeTest {
    static Stream<Octets> tokens() {
        return Stream.of(Tokens.cwt(Tokens.valid()), Tokens.jwt(Tokens.valid()));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void bothEndsGetPartners(Octets token) {
        Hosts hosts = new Hosts(token);

        KmpOutput end = hosts.client.acquire(need());

        assertThat(end).isEqualTo(new KmpOutput.Done());
        KeyedPair client = hosts.client.newest();
        KeyedPair server = hosts.server.newest();
        assertPartners(client, server);
        assertThat(client.role()).isEqualTo(PairRole.INITIATOR);
        assertThat(server.role()).isEqualTo(PairRole.RESPONDER);
        assertThat(client.unconfirmed()).isTrue();
        assertThat(server.unconfirmed()).isTrue();
        assertThat(client.outbound().suite()).isEqualTo(CipherSuite.TLS_PSK_WITH_AES_128_CCM);
    }

    @Test
    void eachEndKnowsTheOtherByTheToken() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));

        hosts.client.acquire(need());

        KeyedPair client = hosts.client.newest();
        KeyedPair server = hosts.server.newest();
        assertThat(client.outbound().peer()).isEqualTo(Hosts.SERVER);
        assertThat(client.outbound().identity())
                .isEqualTo(new Identity("ace", IdentityType.TOKEN, Tokens.ISSUER, Tokens.AUDIENCE));
        assertThat(client.outbound().reqid()).isEqualTo(42);
        assertThat(server.outbound().peer()).isEqualTo(Endpoint.parse("coap://device-1"));
        assertThat(server.outbound().identity())
                .isEqualTo(new Identity("ace", IdentityType.TOKEN, Tokens.ISSUER, "device-1"));
        assertThat(server.inbound().rights())
                .isEqualTo(new Rights(
                        Tokens.ISSUER,
                        "device-1",
                        "read write",
                        Octets.ofHex("0a0b"),
                        Optional.of(Tokens.NOW.plusSeconds(3600))));
        assertThat(client.inbound().rights().expires()).contains(Tokens.NOW.plusSeconds(3600));
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "'device 1', ''", "'evil:5683', ''", "'Device-2', device-2"})
    void peerIsNamedByItsSubjectOrByItsKey(String subject, String host) {
        Octets token = Tokens.cwt(edit -> edit.subject(subject));
        Hosts hosts = new Hosts(token);

        hosts.client.acquire(need());

        String expected = host.isEmpty()
                ? Octets.of(KeyName.sha256(Tokens.POP_KEY.toArray())).toHex().substring(0, 16) + ".token"
                : host;
        assertThat(hosts.server.newest().outbound().peer()).isEqualTo(Endpoint.parse("coap://" + expected));
    }

    @ParameterizedTest
    @CsvSource({"MESSAGE, SAMD", "MESSAGE, DRAFT_EXACT", "PAYLOAD, NONE", "RAW, NONE"})
    void contentAndFormAreThoseOfTheAcquire(Content content, Form form) {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));

        hosts.client.acquire(need(PairId.NONE, Hosts.SUITES, content, form, IdentityPattern.ANY));

        assertPartners(hosts.client.newest(), hosts.server.newest());
        assertThat(hosts.server.newest().inbound().content()).isEqualTo(content);
        assertThat(hosts.server.newest().inbound().form()).isEqualTo(form);
    }

    @Test
    void everyRunHasFreshKeys() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));

        hosts.client.acquire(need());
        KeyedPair first = hosts.client.newest();
        hosts.client.acquire(need());

        assertThat(hosts.client
                        .newest()
                        .outboundKeys()
                        .key()
                        .sameAs(first.outboundKeys().key()))
                .isFalse();
    }

    @Test
    void repeatedPostGetsTheSameAnswerAndNoSecondPair() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        Octets post = hosts.client.sent.get(0);

        Answer again = authzInfo(hosts.server, post);

        assertThat(again.code()).isEqualTo(Answer.CREATED);
        assertThat(PostCodec.readAnswer(again.payload()).orElseThrow().id2())
                .isEqualTo(hosts.client.newest().outbound().spi());
        assertThat(hosts.server.pairs).hasSize(1);
    }

    @Test
    void replayOfAConfirmedPostGetsNothing() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        hosts.server.confirmed(hosts.server.newestId());

        assertThat(authzInfo(hosts.server, hosts.client.sent.get(0)).code()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(hosts.server.pairs).hasSize(1);
    }

    @Test
    void replayAfterTheTimeOfUnconfirmedPairsGetsNothing() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        hosts.server.now = Tokens.NOW.plusSeconds(61);

        assertThat(authzInfo(hosts.server, hosts.client.sent.get(0)).code()).isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void thiefOfATokenCannotPostItWithNoncesOfHisOwn() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        CBORObject stolen = CBORObject.DecodeFromBytes(hosts.client.sent.get(0).toArray());

        for (int label : new int[] {40, -70001, -70003}) {
            CBORObject forged =
                    CBORObject.DecodeFromBytes(hosts.client.sent.get(0).toArray());
            forged.Set(
                    label,
                    label == -70003
                            ? CBORObject.NewArray().Add(0xc0a8)
                            : CBORObject.FromObject(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
            assertThat(authzInfo(hosts.server, ordered(forged)).code())
                    .as("member %d changed", label)
                    .isEqualTo(Answer.UNAUTHORIZED);
        }
        stolen.Remove(CBORObject.FromObject(-70006));
        assertThat(authzInfo(hosts.server, ordered(stolen)).code()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(hosts.server.pairs).hasSize(1);
    }

    @Test
    void proofIsOptionalWhereTheConfigurationSaysSo() {
        TestHost server = Hosts.server(false);
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        CBORObject post = CBORObject.DecodeFromBytes(hosts.client.sent.get(0).toArray());
        Octets wrong = ordered(CBORObject.DecodeFromBytes(post.EncodeToBytes()).Set(-70006, new byte[8]));
        post.Remove(CBORObject.FromObject(-70006));

        assertThat(authzInfo(server, ordered(post)).code()).isEqualTo(Answer.CREATED);
        assertThat(authzInfo(server, wrong).code())
                .as("but a wrong one is wrong")
                .isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void thirdPostTakesThePlaceOfItsOwnersOldestOnly() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        Hosts other = new Hosts(List.of(otherOwner()), List.of());
        other.client.network = hosts.server.from(other.client);
        other.client.acquire(need());

        for (int i = 0; i < 3; i++) {
            hosts.client.acquire(need());
        }

        List<Octets> posts = hosts.client.sent;
        assertThat(authzInfo(hosts.server, posts.get(0)).code()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(authzInfo(hosts.server, posts.get(1)).code()).isEqualTo(Answer.CREATED);
        assertThat(authzInfo(hosts.server, posts.get(2)).code()).isEqualTo(Answer.CREATED);
        assertThat(authzInfo(hosts.server, other.client.sent.get(0)).code())
                .as("another owner's")
                .isEqualTo(Answer.CREATED);
        assertThat(hosts.server.pairs.values().stream()
                        .map(pair -> pair.outbound().spi())
                        .toList())
                .as("the pairs that stand")
                .containsExactly(
                        other.client.newest().inbound().spi(),
                        new ArrayList<>(hosts.client.pairs.values())
                                .get(1)
                                .inbound()
                                .spi(),
                        hosts.client.newest().inbound().spi());
    }

    @Test
    void newPostsNeverTakeThePlaceOfAConfirmedPair() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        PairId confirmed = hosts.server.newestId();
        hosts.server.confirmed(confirmed);

        for (int i = 0; i < 5; i++) {
            hosts.client.acquire(need());
        }

        assertThat(hosts.server.pairs).hasSize(3).containsKey(confirmed);
        assertThat(hosts.server.outputs).doesNotContain(new KmpOutput.Delete(confirmed));
    }

    @Test
    void postThatIsOvertakenInItsRunLeavesNoPair() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        TestHost server = Hosts.server(true);
        Octets slow = hosts.client.sent.get(0);
        Negotiation run = ((Screening.Admitted)
                        server.kmp.screen(Tokens.NOW, server.incoming(hosts.client, request(slow))))
                .negotiation();
        run.start(Tokens.NOW);
        KmpOutput.Install install =
                (KmpOutput.Install) run.onReserved(Tokens.NOW, server.nextSpi()).get(0);
        hosts.client.network = server.from(hosts.client);
        hosts.client.acquire(need());
        hosts.client.acquire(need());

        List<KmpOutput> end = run.onInstalled(Tokens.NOW, new PairId(0x77));

        assertThat(install.pair().unconfirmed()).isTrue();
        assertThat(end.subList(0, 2))
                .containsExactly(
                        new KmpOutput.Delete(new PairId(0x77)), new KmpOutput.Reply(Answer.of(Answer.UNAUTHORIZED)));
        assertThat(end.get(2)).isInstanceOf(KmpOutput.Failed.class);
        assertThat(server.pairs).hasSize(2);
    }

    private static Outgoing request(Octets post) {
        return new Outgoing(Hosts.SERVER, Optional.empty(), ProfileLabels.AUTHZ_INFO, 19, 19, post, Optional.empty());
    }

    @Test
    void unconfirmedPairsOfOneOwnerAreBoundedWhateverTheDatabaseDoes() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.server.deletes = false;

        List<KmpOutput> ends = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            ends.add(hosts.client.acquire(need()));
        }

        assertThat(ends.subList(0, 16)).containsOnly(new KmpOutput.Done());
        assertThat(ends.get(16)).isInstanceOf(KmpOutput.Failed.class);
        assertThat(hosts.server.pairs).hasSize(16);
        hosts.server.now = Tokens.NOW.plusSeconds(61);
        assertThat(hosts.client.acquire(need())).isEqualTo(new KmpOutput.Done());
    }

    @Test
    void newPairSupersedesTheConfirmedOneOfTheSameKey() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        PairId first = hosts.server.newestId();
        hosts.server.confirmed(first);

        hosts.client.acquire(need());

        assertThat(hosts.server.newest().supersedes()).isEqualTo(first);
    }

    @Test
    void newPairSupersedesNoUnconfirmedOneAndNoneOfAnotherKey() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        Hosts other = new Hosts(List.of(otherOwner()), List.of());
        other.client.network = hosts.server.from(other.client);

        hosts.client.acquire(need());
        KeyedPair second = hosts.server.newest();
        hosts.server.confirmed(hosts.server.newestId());
        other.client.acquire(need());

        assertThat(second.supersedes()).isEqualTo(PairId.NONE);
        assertThat(hosts.server.newest().supersedes()).isEqualTo(PairId.NONE);
    }

    @Test
    void pairOfAnEarlierRunIsSupersededToo() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());
        KeyedPair old = hosts.server.newest();
        TestHost restarted = Hosts.server(true);
        InstalledPair recalled = new InstalledPair(
                new PairId(99),
                old.inbound(),
                old.outbound(),
                old.role(),
                false,
                PairId.NONE,
                KeyMaterial.adopt(Tokens.shown(old.kmpPrivate()).toArray()));
        restarted.kmp.recalled(Tokens.NOW, List.of(recalled));
        hosts.client.network = restarted.from(hosts.client);

        hosts.client.acquire(need());

        assertThat(restarted.newest().supersedes()).isEqualTo(new PairId(99));
        assertThat(recalled.kmpPrivate().borrow())
                .as("what was recalled is closed")
                .isNull();
    }

    @Test
    void tokenThatExpiresBySightEndsWhenItShould() {
        Octets token = Tokens.cwt(edit -> edit.expiresIn(Duration.ofSeconds(100)));
        Hosts hosts = new Hosts(token);

        hosts.client.acquire(need());
        hosts.server.now = Tokens.NOW.plusSeconds(90);
        hosts.client.acquire(need());
        KeyedPair second = hosts.server.newest();
        hosts.server.now = Tokens.NOW.plusSeconds(100);
        KmpOutput third = hosts.client.acquire(need());

        assertThat(second.inbound().rights().expires()).contains(Tokens.NOW.plusSeconds(100));
        assertThat(third).isInstanceOf(KmpOutput.Failed.class);
    }

    static Stream<Octets> badTokens() {
        return Stream.of(
                Tokens.cwt(edit -> edit.expires(Tokens.NOW.minusSeconds(60))),
                Tokens.cwt(edit -> edit.notBefore(Tokens.NOW.plusSeconds(60))),
                Tokens.cwt(edit -> edit.issuer("evil")),
                Tokens.cwt(edit -> edit.audience("rs2")),
                Octets.ofHex("0102"),
                Octets.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void badTokenLeavesNothingBehind(Octets token) {
        Hosts hosts = new Hosts(token);

        KmpOutput end = hosts.client.acquire(need());

        assertThat(end).isInstanceOf(KmpOutput.Failed.class);
        assertThat(((KmpOutput.Failed) end).reason()).startsWith("coap://sensor-1/authz-info answered 4.0");
        assertThat(hosts.client.pairs).isEmpty();
        assertThat(hosts.server.pairs).isEmpty();
        assertThat(hosts.server.outputs).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 19, 133", // GET
        "4, 19, 133", // DELETE
        "2, 61, 143", // a bare CWT
        "2, -1, 143"
    })
    void otherMethodsAndFormatsAreRefused(int code, int format, int answer) {
        TestHost server = Hosts.server(true);

        Answer given = server.serve(new Incoming(
                "/authz-info", code, format, Octets.EMPTY, "192.0.2.1:5683", server.name, Optional.empty()));

        assertThat(given.code()).isEqualTo(answer);
    }

    @Test
    void oversizedPostIsRefused() {
        assertThat(authzInfo(Hosts.server(true), Octets.of(new byte[9217])).code())
                .isEqualTo(Answer.TOO_LARGE);
    }

    @Test
    void noCommonSuiteIsNotAcceptable() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));

        KmpOutput end =
                hosts.client.acquire(need(PairId.NONE, List.of(CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256)));

        assertThat(end)
                .isEqualTo(new KmpOutput.Failed(
                        Reasons.EPROTONOSUPPORT, "coap://sensor-1/authz-info answered 4.06, unauthenticated"));
    }

    @Test
    void changedAnswerGivesOtherKeys() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.network = request -> Optional.of(
                changed(hosts.server.from(hosts.client).apply(request).get()));

        hosts.client.acquire(need());

        KeyedPair client = hosts.client.newest();
        KeyedPair server = hosts.server.newest();
        assertThat(client.outboundKeys().key().sameAs(server.inboundKeys().key()))
                .isFalse();
        assertThat(client.unconfirmed())
                .as("so it never takes a live pair's place")
                .isTrue();
    }

    private static Answer changed(Answer answer) {
        byte[] payload = answer.payload().toArray();
        payload[payload.length - 20] ^= 1; // within N2
        return new Answer(answer.code(), answer.contentFormat(), Octets.of(payload));
    }

    static Stream<Octets> badAnswers() {
        Spi id = Spi.ofHex("0a0b");
        Octets nonce = Octets.of(new byte[8]);
        Optional<Duration> none = Optional.empty();
        return Stream.of(
                Octets.EMPTY,
                PostCodec.answer(Octets.of(new byte[7]), id, 0xc0a4, CarriedContent.SAMD, none),
                PostCodec.answer(nonce, id, 0xccab, CarriedContent.SAMD, none), // not on offer
                PostCodec.answer(nonce, id, 0xc0a4, CarriedContent.RAW, none), // another content
                PostCodec.answer(nonce, Spi.ofHex("00001001"), 0xc0a4, CarriedContent.SAMD, none)); // the client's own
    }

    @ParameterizedTest
    @MethodSource("badAnswers")
    void answerThatIsNotOfTheProfileInstallsNothing(Octets payload) {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.network = request -> Optional.of(new Answer(Answer.CREATED, 19, payload));

        KmpOutput end = hosts.client.acquire(need());

        assertThat(end).isInstanceOf(KmpOutput.Failed.class);
        assertThat(((KmpOutput.Failed) end).errno()).isEqualTo(Reasons.EPROTO);
        assertThat(hosts.client.pairs).isEmpty();
    }

    @Test
    void silenceFailsTheAcquire() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.network = request -> Optional.empty();

        assertThat(hosts.client.acquire(need()))
                .isEqualTo(new KmpOutput.Failed(Reasons.ETIMEDOUT, "no answer from coap://sensor-1/authz-info"));
    }

    @Test
    void refusalOfTheDatabaseIsToldToBoth() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.server.refusal = Optional.of(new SaException(SaError.TOO_MANY, "", "too many SAs"));

        KmpOutput end = hosts.client.acquire(need());

        assertThat(end).isInstanceOf(KmpOutput.Failed.class);
        assertThat(((KmpOutput.Failed) end).errno()).isEqualTo(Reasons.EAGAIN);
        assertThat(hosts.server.pairs).isEmpty();
        assertThat(authzInfo(hosts.server, hosts.client.sent.get(0)).code())
                .as("and it may be tried again")
                .isEqualTo(Answer.CREATED);
    }

    @Test
    void acquireWithoutATokenFailsAtOnce() {
        Hosts hosts = new Hosts(List.of(), List.of());

        assertThat(hosts.client.acquire(need())).isInstanceOf(KmpOutput.Failed.class);
        assertThat(hosts.client.sent).isEmpty();
    }

    @Test
    void tokenOfAnotherServerThanThePolicyWantsIsNotUsed() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));

        KmpOutput end = hosts.client.acquire(need(
                PairId.NONE,
                Hosts.SUITES,
                Content.MESSAGE,
                Form.SAMD,
                new IdentityPattern("ace", Optional.empty(), Tokens.ISSUER, "rs2")));

        assertThat(((KmpOutput.Failed) end).errno()).isEqualTo(Reasons.ENOKEY);
        assertThat(hosts.client.sent).isEmpty();
    }

    @Test
    void tokenIsAskedForAndKept() {
        AceSettings.AskedServer as = new AceSettings.AskedServer(
                "coap://sensor-*", Endpoint.parse("coaps://as"), Tokens.ISSUER, Tokens.AUDIENCE, "read", "me");
        Hosts hosts = new Hosts(List.of(), List.of(as));
        List<Outgoing> asked = new ArrayList<>();
        hosts.client.network = request -> {
            if (request.path().equals("/token")) {
                asked.add(request);
                return Optional.of(new Answer(Answer.CREATED, 19, issued()));
            }
            return hosts.server.from(hosts.client).apply(request);
        };

        assertThat(hosts.client.acquire(need())).isEqualTo(new KmpOutput.Done());
        assertThat(hosts.client.acquire(need())).isEqualTo(new KmpOutput.Done());

        assertPartners(hosts.client.newest(), hosts.server.newest());
        assertThat(asked).hasSize(1);
        CBORObject request = CBORObject.DecodeFromBytes(asked.get(0).payload().toArray());
        assertThat(request.toString()).isEqualTo("{5: \"rs1\", 9: \"read\", 24: \"me\", 33: 2}");
    }

    @Test
    void pairThatEndsWithItsTokenIsReplacedByOneThatOutlivesIt() {
        AceSettings.AskedServer as =
                new AceSettings.AskedServer("*", Endpoint.parse("coaps://as"), Tokens.ISSUER, Tokens.AUDIENCE, "", "");
        Hosts hosts = new Hosts(List.of(), List.of(as));
        List<Outgoing> asked = new ArrayList<>();
        hosts.client.network = request -> {
            if (request.path().equals("/token")) {
                asked.add(request);
                return Optional.of(new Answer(Answer.CREATED, 19, issued()));
            }
            return hosts.server.from(hosts.client).apply(request);
        };
        hosts.client.acquire(need());
        hosts.client.confirmed(hosts.client.newestId());
        hosts.client.now = Tokens.NOW.plusSeconds(3300);

        KmpOutput end = hosts.client.acquire(need(hosts.client.newestId(), Hosts.SUITES));

        assertThat(end).isEqualTo(new KmpOutput.Done());
        assertThat(asked).as("the token that is there ends with the pair").hasSize(2);
    }

    @Test
    void serverOfTokensThatKeepsNoKeysIsAskedForAFreshOne() {
        AceSettings.AskedServer as =
                new AceSettings.AskedServer("*", Endpoint.parse("coaps://as"), Tokens.ISSUER, Tokens.AUDIENCE, "", "");
        Hosts hosts = new Hosts(List.of(), List.of(as));
        List<String> asked = new ArrayList<>();
        hosts.client.network = request -> {
            if (!request.path().equals("/token")) {
                return hosts.server.from(hosts.client).apply(request);
            }
            CBORObject map = CBORObject.DecodeFromBytes(request.payload().toArray());
            asked.add(map.toString());
            return Optional.of(
                    map.ContainsKey(4)
                            ? Answer.of(Answer.BAD_REQUEST)
                            : new Answer(Answer.CREATED, 19, issued(Octets.ofHex("6b31"))));
        };
        hosts.client.acquire(need());
        hosts.client.confirmed(hosts.client.newestId());
        hosts.client.now = Tokens.NOW.plusSeconds(3300);

        KmpOutput end = hosts.client.acquire(need(hosts.client.newestId(), Hosts.SUITES));

        assertThat(end).isEqualTo(new KmpOutput.Done());
        assertThat(asked)
                .containsExactly("{5: \"rs1\", 33: 2}", "{4: {3: h'6B31'}, 5: \"rs1\", 33: 2}", "{5: \"rs1\", 33: 2}");
    }

    @Test
    void pairThatEndsWithTheOnlyTokenIsNotReplacedByOneThatEndsAsSoon() {
        AceSettings.HeldToken held = Hosts.held(Tokens.cwt(Tokens.valid()));
        Hosts hosts = new Hosts(
                List.of(new AceSettings.HeldToken(
                        held.target(),
                        held.issuer(),
                        held.audience(),
                        held.token(),
                        held.key(),
                        held.salt(),
                        Optional.of(Tokens.NOW.plusSeconds(3600)),
                        Octets.EMPTY)),
                List.of());
        hosts.client.acquire(need());
        hosts.client.confirmed(hosts.client.newestId());
        hosts.client.now = Tokens.NOW.plusSeconds(3300);

        KmpOutput end = hosts.client.acquire(need(hosts.client.newestId(), Hosts.SUITES));

        assertThat(end)
                .isEqualTo(new KmpOutput.Failed(
                        Reasons.ENOKEY,
                        "no valid token for coap://sensor-1 that outlives the pair and that the policy accepts,"
                                + " and nobody to ask"));
        assertThat(hosts.client.sent).hasSize(1);
    }

    @Test
    void refusalOfTheAuthorizationServerFailsTheAcquire() {
        AceSettings.AskedServer as =
                new AceSettings.AskedServer("*", Endpoint.parse("coaps://as"), Tokens.ISSUER, Tokens.AUDIENCE, "", "");
        Hosts hosts = new Hosts(List.of(), List.of(as));
        hosts.client.network = request -> Optional.of(Answer.of(Answer.BAD_REQUEST));

        assertThat(hosts.client.acquire(need()))
                .isEqualTo(new KmpOutput.Failed(Reasons.EPROTO, "coaps://as/token answered 4.00, unauthenticated"));
    }

    @Test
    void jsonTwinMakesTheSamePair() {
        TestHost server = Hosts.server(true);
        Octets post = JsonPost.of(Tokens.jwt(Tokens.valid()), "AQIDBAUGBwg", "FkU", List.of(0xc0a4), true);

        Answer answer = server.serve("/authz-info", ProfileLabels.JSON, post);

        assertThat(answer.code()).isEqualTo(Answer.CREATED);
        assertThat(answer.contentFormat()).isEqualTo(ProfileLabels.JSON);
        assertThat(new String(answer.payload().toArray(), StandardCharsets.US_ASCII))
                .matches("\\{\"expires_in\":3600,\"nonce2\":\"[A-Za-z0-9_-]{11}\",\"dr_server_cid\":\"AAAgAQ\","
                        + "\"dr_suite\":49316}");
        assertThat(server.newest().outbound().spi()).isEqualTo(Spi.ofHex("1645"));
    }

    @Test
    void jsonTwinWithoutProofIsRefused() {
        Octets bare = JsonPost.of(Tokens.jwt(Tokens.valid()), "AQIDBAUGBwg", "FkU", List.of(0xc0a4), false);

        assertThat(Hosts.server(true)
                        .serve("/authz-info", ProfileLabels.JSON, bare)
                        .code())
                .isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void clientOffersNoResourceForTokens() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));

        assertThat(hosts.client.kmp.resources()).containsExactly(ProfileLabels.REKEY);
        assertThat(hosts.server.kmp.resources()).containsExactly(ProfileLabels.AUTHZ_INFO, ProfileLabels.REKEY);
    }

    @Test
    void noOutputPrintsASecret() {
        Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
        hosts.client.acquire(need());

        String printed = hosts.client.outputs.toString() + hosts.server.outputs + Hosts.held(Octets.EMPTY);

        assertThat(printed)
                .doesNotContain(Tokens.POP_KEY.toHex())
                .doesNotContain(Tokens.CCM_KEY)
                .doesNotContain(
                        Tokens.shown(hosts.client.newest().outboundKeys().key()).toHex())
                .doesNotContain(Tokens.shown(hosts.client.newest().kmpPrivate()).toHex());
    }

    private static AceSettings.HeldToken otherOwner() {
        Octets key = Octets.ofHex("ab".repeat(32));
        return new AceSettings.HeldToken(
                Hosts.SERVER,
                Tokens.ISSUER,
                Tokens.AUDIENCE,
                Tokens.cwt(edit -> new TokenEdit(edit.token()).key(key)),
                KeyMaterial.adopt(key.toArray()),
                Octets.ofHex("9e7ca92223786340"),
                Optional.empty(),
                Octets.EMPTY);
    }

    private static Octets issued() {
        return issued(Octets.EMPTY);
    }

    private static Octets issued(Octets keyId) {
        CBORObject key = CBORObject.NewMap().Add(1, 4).Add(-1, Tokens.POP_KEY.toArray());
        if (!keyId.isEmpty()) {
            key.Add(2, keyId.toArray());
        }
        return Octets.of(CBORObject.NewOrderedMap()
                .Add(1, Tokens.cwt(Tokens.valid()).toArray())
                .Add(2, 3600)
                .Add(8, CBORObject.NewMap().Add(1, key))
                .Add(38, -70010)
                .Add(-70011, Octets.ofHex("9e7ca92223786340").toArray())
                .EncodeToBytes());
    }

    private static Answer authzInfo(TestHost server, Octets post) {
        return server.serve("/authz-info", ProfileLabels.ACE_CBOR, post);
    }

    private static Octets ordered(CBORObject map) {
        CBORObject ordered = CBORObject.NewOrderedMap();
        for (int label : new int[] {1, 40, -70001, -70003, -70005, -70006}) {
            if (map.ContainsKey(label)) {
                ordered.Add(label, map.get(CBORObject.FromObject(label)));
            }
        }
        return Octets.of(ordered.EncodeToBytes());
    }
}
