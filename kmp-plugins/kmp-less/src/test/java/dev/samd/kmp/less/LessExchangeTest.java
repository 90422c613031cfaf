// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of an exchange when something goes wrong, through the driver and on a network moved by hand. */
class LessExchangeTest {
    private static final String WRONG = "ff0102030405060708090a0b0c0d0e0f";

    private static Joined joined(LessKmp device, LessKmp host) {
        return new Joined(new Parties(device, host, LessParties.need(), LessParties.NOW), 1);
    }

    private static Joined joined() {
        return new Joined(LessParties.parties(1), 1);
    }

    private static Joined joined(LessSettings.Server server) {
        return joined(
                LessParties.device("dev-0001", LessParties.Y, new Random(1)),
                new LessKmp(new LessSettings(Optional.of(server), List.of()), new Random(2)));
    }

    private static Incoming post(String path, Octets payload, Map<Integer, Octets> options) {
        return post(path, 2, 42, payload, options);
    }

    private static Incoming post(String path, int code, int format, Octets payload, Map<Integer, Octets> options) {
        return new Incoming(path, code, format, payload, "192.0.2.9:1", LessParties.SERVER, options, Optional.empty());
    }

    private static Map<Integer, Octets> type(String hex) {
        return Map.of(LessKmp.AUTH, Octets.EMPTY, LessKmp.AUTH_MSG_TYPE, Octets.ofHex(hex));
    }

    private static Octets m1(String device, int... suites) {
        List<Integer> numbers = new ArrayList<>();
        for (int suite : suites) {
            numbers.add(suite);
        }
        return new FirstMessage(LessParties.text(device), Spi.ofHex("1645"), numbers, Octets.ofHex("a0a1a2a3a4a5a6a7"))
                .encoded();
    }

    /*
     * device            server
     *   | M1              |
     *   |---------------->|
     *   |              M2 |
     *   |<----------------|
     *   | M3              |
     *   |---------------->| installs
     *   |   lost <-- M4   |
     *   | M3 again        |
     *   |---------------->|
     *   |        M4 again |
     *   |<----------------|
     */
    @Test
    void lostLastAnswerIsGivenAgainToTheSameResponse() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);
        Outgoing m3 = joined.link.sent().get(1);
        assertThat(joined.initiatorKeys.pairs()).hasSize(1);

        Answer again = joined.post(post(m3.path(), m3.payload(), m3.options())).orElseThrow();
        Octets other = Octets.ofHex("01" + "00".repeat(48));

        assertThat(again.code())
                .as("after a run of ten minutes nothing is remembered")
                .isEqualTo(Answer.NOT_FOUND);
        Joined soon = joined();
        soon.acquire();
        soon.clock.run(Duration.ofSeconds(1));
        Outgoing response = soon.link.sent().get(1);
        assertThat(soon.post(post(response.path(), response.payload(), response.options()))
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.CHANGED);
        assertThat(soon.post(post(response.path(), other, response.options()))
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.NOT_FOUND);
        assertThat(soon.responderKeys.pairs()).hasSize(1);
    }

    /*
     * device            server
     *   | M1 -- M2        |
     *   | M3              | (5.03: another request of the run is worked on)
     *   |---------------->|
     *   |            5.03 |
     *   |<----------------|
     *   | M3 after 5 s    |
     *   |---------------->|
     */
    @Test
    void busyServerIsAskedAgainWithTheSameOctets() {
        LessKmp device = LessParties.device("dev-0001", LessParties.Y, new Random(1));
        Negotiation run = device.initiate(LessParties.need());
        run.start(LessParties.NOW);
        LessKmp host = LessParties.host(new Random(2));
        Outgoing first = sent(run.onReserved(LessParties.NOW, Spi.ofHex("1645")));
        Negotiation server = ((Screening.Admitted)
                        host.screen(LessParties.NOW, post(first.path(), first.payload(), first.options())))
                .negotiation();
        server.start(LessParties.NOW);
        Answer m2 = server.onReserved(LessParties.NOW, Spi.ofHex("2b01")).stream()
                .filter(KmpOutput.Reply.class::isInstance)
                .map(reply -> ((KmpOutput.Reply) reply).answer())
                .findFirst()
                .orElseThrow();
        Outgoing m3 = sent(run.onAnswer(LessParties.NOW, 1, m2));

        run.onAnswer(LessParties.NOW, 2, Answer.of(Answer.UNAVAILABLE));
        Outgoing again = sent(run.onTimer(LessParties.NOW.plusSeconds(5), "again"));

        assertThat(again).isEqualTo(m3);
        assertThat(run.onAnswer(LessParties.NOW, 1, m2))
                .as("a second challenge of the run is passed over")
                .isEmpty();
        run.onAnswer(LessParties.NOW, 2, Answer.of(Answer.UNAVAILABLE));
        assertThat(run.onAnswer(LessParties.NOW, 2, Answer.of(Answer.UNAVAILABLE)))
                .singleElement()
                .isInstanceOf(KmpOutput.Failed.class);
    }

    private static Outgoing sent(List<KmpOutput> outputs) {
        return outputs.stream()
                .filter(KmpOutput.Send.class::isInstance)
                .map(send -> ((KmpOutput.Send) send).request())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"dev-0001, " + WRONG, "dev-0002, " + WRONG, "dev-0002, " + LessParties.Y})
    void wrongSecretAndUnknownDeviceLookTheSameToBoth(String device, String y) {
        Joined joined = joined(LessParties.device(device, y, new Random(1)), LessParties.host(new Random(2)));
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));

        assertThat(joined.initiatorKeys.failures().get(11).reason())
                .contains("answered with a challenge of somebody who has another secret");
        assertThat(joined.running()).as("the server waits for a response").isEqualTo(1);
        assertThat(joined.responderKeys.pairs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"dev-0001", "nobody"})
    void everyWrongResponseIsCountedAndTheEighthEndsTheRun(String device) {
        Joined joined = joined();
        Answer m2 =
                joined.post(post(LessKmp.BASE, m1(device, 0xc0a8), type(""))).orElseThrow();
        assertThat(m2.code()).isEqualTo(Answer.CREATED);
        assertThat(m2.payload().length()).isEqualTo(13 + 16 + 16 + 2 + 1 + 4 + 16);
        Octets junk = Octets.ofHex("01" + "00".repeat(48));

        for (int i = 0; i < 8; i++) {
            assertThat(joined.running()).isEqualTo(1);
            assertThat(joined.post(post(m2.location(), junk, type("01")))
                            .orElseThrow()
                            .code())
                    .isEqualTo(Answer.UNAUTHORIZED);
        }

        assertThat(joined.running()).isZero();
        assertThat(joined.post(post(m2.location(), junk, type("01")))
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.NOT_FOUND);
    }

    /*
     * device            server              stranger
     *   | M1 -- M2        |                    |
     *   |                 |<---- garbage M3 ---|  the place of the run stands in clear
     *   | M3              |
     *   |---------------->| installs
     */
    @Test
    void garbageOfAStrangerDoesNotEndARun() {
        Joined joined = joined();
        joined.link.makeBad(0, 0, 0, 2000);
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));
        for (int i = 0; i < 100 && joined.link.sent().size() < 2; i++) {
            joined.clock.run(Duration.ofMillis(50));
        }
        String place = joined.link.sent().get(1).path();

        joined.post(post(place, Octets.ofHex("01" + "00".repeat(48)), type("01")));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 42, , 00, 0x82, AUTH is missing",
        "1, 42, '', '', 0x85, not a POST",
        "2, 42, '', 01, 0x80, a response where none is awaited",
        "2, 42, '', 0000, 0x80, a type of two octets",
        "2, 42, '', , 0x80, no type",
        "2, 42, ff, '', 0x82, AUTH with a value",
        "2, 0, '', '', 0x8f, another Content-Format",
        "2, 42, '', '', 0x80, no M1"
    })
    void outsideThatIsWrongIsAnsweredByTheTable(
            int code, int format, @Nullable String auth, @Nullable String type, String answer, String why) {
        Map<Integer, Octets> options = new TreeMap<>();
        if (auth != null) {
            options.put(LessKmp.AUTH, Octets.ofHex(auth));
        }
        if (type != null) {
            options.put(LessKmp.AUTH_MSG_TYPE, Octets.ofHex(type));
        }
        Joined joined = joined();

        Answer got = joined.post(post(LessKmp.BASE, code, format, Octets.ofHex("0101"), options))
                .orElseThrow();

        assertThat(got.code()).as(why).isEqualTo(Integer.decode(answer));
        assertThat(joined.running()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "02086465762d3030303102164502c0a808a0a1a2a3a4a5a6a7, version 2",
        "010002164502c0a808a0a1a2a3a4a5a6a7, no device",
        "01086465762d303030310002c0a808a0a1a2a3a4a5a6a7, no CID",
        "01086465762d3030303102164508a0a1a2a3a4a5a6a7, no suites",
        "01086465762d3030303102164503c0a80008a0a1a2a3a4a5a6a7, half a suite",
        "01086465762d3030303102164502c0a807a0a1a2a3a4a5a6, a nonce of 7",
        "01086465762d3030303102164502c0a808a0a1a2a3a4a5a6a700, an octet behind it",
        "01086465762d3030303102164502c0a808a0a1a2a3a4a5a6, an octet too few",
        "01ff6465762d3030303102164502c0a808a0a1a2a3a4a5a6a7, a device of 255",
        "01086465762d3030303102000002c0a808a0a1a2a3a4a5a6a7, a CID of zeros",
        "01, a version and nothing else"
    })
    void firstMessageIsReadExactly(String hex, String why) {
        Joined joined = joined();

        Answer got =
                joined.post(post(LessKmp.BASE, Octets.ofHex(hex), type("00"))).orElseThrow();

        assertThat(got.code()).as(why).isEqualTo(Answer.BAD_REQUEST);
    }

    @Test
    void challengeWithACidOfZerosIsNone() {
        Octets th1 = LessCipher.transcript(Octets.EMPTY, Octets.ofHex("01"));
        byte[] iv = new byte[LessCipher.NONCE];
        byte[] clear = new byte[Challenge.NONCE + Challenge.KEY + 3 + 2];
        clear[Challenge.NONCE + Challenge.KEY + 2] = 2;
        try (KeyMaterial y = LessParties.key(LessParties.Y)) {
            byte[] sealed = LessCipher.seal(LessCipher.challengeKey(y, th1), iv, th1, clear);
            Octets m2 = Octets.ofHex(
                    "01" + Octets.of(iv).toHex() + Octets.of(sealed).toHex());

            assertThat(Challenge.opened(y, th1, m2)).isEmpty();
        }
    }

    @Test
    void noCommonSuiteIsAnsweredWithTheSuitesThatThereAre() {
        Joined joined = joined();

        Answer got = joined.post(post(LessKmp.BASE, m1("dev-0001", 0xc0a9, 0x1234), type("")))
                .orElseThrow();

        assertThat(got.code()).isEqualTo(Answer.NOT_ACCEPTABLE);
        assertThat(got.payload().toHex()).isEqualTo("00a8c0a8");
    }

    @Test
    void serverThatHidesNothingTellsAnUnknownDevice() {
        Joined joined = joined(LessParties.server(true, false));

        assertThat(joined.post(post(LessKmp.BASE, m1("nobody", 0xc0a8), type("")))
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.UNAUTHORIZED);
    }

    /*
     * A node that is client and server under one secret would prove it to itself:
     *
     * node                      stranger
     *   | M1 (own DI)              |
     *   |------------------------->|
     *   |<----- the same M1 -------|   refused like an unknown device
     */
    @Test
    void nodeThatIsClientAndServerIsNotReflectedToItself() {
        LessKmp node = new LessKmp(
                new LessSettings(
                        Optional.of(LessParties.server(true, false)),
                        List.of(LessParties.client("dev-0001", LessParties.Y))),
                new Random(3));
        Joined joined = joined(LessParties.device("dev-0001", LessParties.Y, new Random(1)), node);

        assertThat(joined.post(post(LessKmp.BASE, m1("dev-0001", 0xc0a8), type("")))
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.UNAUTHORIZED);
    }

    /*
     * device            server
     *   | M1 -- M2        |
     *   |                 | 30 s
     *   | M3              |
     *   |---------------->| the run is no more
     *   |            4.04 |
     */
    @Test
    void responseThatComesTooLateFindsNothing() {
        Joined joined = joined();
        Answer m2 = joined.post(post(LessKmp.BASE, m1("dev-0001", 0xc0a8), type("")))
                .orElseThrow();
        joined.clock.run(Duration.ofSeconds(31));

        assertThat(joined.running()).isZero();
        assertThat(joined.post(post(m2.location(), Octets.ofHex("01" + "00".repeat(48)), type("01")))
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.NOT_FOUND);
    }

    /*
     * device            server                  the server restarts between M2 and M3
     *   | M1 -- M2        |
     *   |               restart
     *   | M3              |
     *   |---------------->| 4.04: the acquire fails, and the daemon asks again
     */
    @Test
    void restartInTheMiddleEndsTheRunAndTheNextOneIsGood() {
        Joined joined = joined();
        joined.link.makeBad(0, 0, 0, 2000);
        joined.acquire();
        for (int i = 0; i < 200 && joined.link.sent().size() < 2; i++) {
            joined.clock.run(Duration.ofMillis(20));
        }
        joined.restart(LessParties.parties(2));
        joined.link.makeBad(0, 0, 0, 0);

        joined.acquire(joined.need(12, PairId.NONE));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertThat(joined.running()).isZero();
    }

    /*
     * A                          B
     *   | M1 ---\     /--- M1     |
     *   |        \   /            |
     *   |<--------\-/------------>|
     *   | M2 …     X         … M2 |
     *   | each answers the other: two exchanges, two pairs at both ends.
     *   | The daemons let one of them give way, the same at both (docs/api.md).
     */
    @Test
    void bothSidesStartAtOnceAndBothComeToAPair() {
        Endpoint device = LessParties.need().local();
        Joined joined = joined(node(LessParties.SERVER, "node-a", "node-b", 1), node(device, "node-b", "node-a", 2));
        joined.link.makeBad(0, 0, 0, 500);
        joined.back.makeBad(0, 0, 0, 500);

        joined.acquire();
        joined.acquireBack(turned(joined.need(12, PairId.NONE)));
        joined.clock.run(Joined.ALL);

        List<Installed> pairs = joined.initiatorKeys.pairs();
        assertThat(pairs).extracting(Installed::role).containsExactlyInAnyOrder(PairRole.INITIATOR, PairRole.RESPONDER);
        assertThat(pairs).allSatisfy(pair -> {
            Installed other = joined.partnerOf(pair).orElseThrow();
            assertThat(other.inboundKey()).isEqualTo(pair.outboundKey());
            assertThat(other.outboundKey()).isEqualTo(pair.inboundKey());
        });
        assertThat(pairs.get(0).outboundKey()).isNotEqualTo(pairs.get(1).outboundKey());
        assertThat(joined.running()).isZero();
        assertThat(joined.faults).isEmpty();
    }

    /** A host that is a device under one name and serves another, each with a secret of its own. */
    private static LessKmp node(Endpoint target, String own, String other, long seed) {
        LessSettings.Server server = LessParties.server(true, true);
        return new LessKmp(
                new LessSettings(
                        Optional.of(new LessSettings.Server(
                                Map.of(LessParties.text(other), LessParties.key(secret(other))),
                                server.suites(),
                                server.lifetime(),
                                server.unique(),
                                server.hideIdentity(),
                                server.halfOpen())),
                        List.of(new LessSettings.Client(
                                target, LessParties.text(own), LessParties.key(secret(own)), "server-" + other))),
                new Random(seed));
    }

    private static String secret(String device) {
        return device.equals("node-a") ? LessParties.Y : WRONG;
    }

    /** The same need of the other side. */
    private static Need turned(Need need) {
        return new Need(
                need.sequence(),
                /* local= */ need.target(),
                /* target= */ need.local(),
                need.via(),
                need.content(),
                need.form(),
                need.suites(),
                need.acceptable(),
                need.replaces(),
                need.lifetime(),
                need.window(),
                need.reqid());
    }

    /*
     * device            server
     *   |  has O          |  has O
     *   | M1 -- M2        |
     *   |  O ends         |  O ends
     *   | M3              |
     *   |---------------->| installs, in nobody's place
     */
    @Test
    void expiryInTheMiddleDoesNotEndTheRunOfTheSuccessor() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);
        Installed old = joined.initiatorKeys.pairs().get(0);
        Installed other = joined.partnerOf(old).orElseThrow();
        joined.link.makeBad(0, 0, 0, 2000);
        joined.acquire(joined.need(12, old.id()));
        for (int i = 0; i < 400 && joined.link.sent().size() < 4; i++) {
            joined.clock.run(Duration.ofMillis(10));
        }

        joined.initiatorKeys.forget(old.id());
        joined.responderKeys.forget(other.id());
        joined.initiatorKeys.tell(joined.kmp(), new PairEvent.Ended(old.id(), Octets.EMPTY));
        joined.responderKeys.tell(joined.kmp(), new PairEvent.Ended(other.id(), Octets.EMPTY));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        Installed young = joined.partnerOf(joined.initiatorKeys.pairs().get(0)).orElseThrow();
        assertThat(young.supersedes()).isEqualTo(PairId.NONE);
        assertThat(joined.running()).isZero();
    }

    @Test
    void newPairOfADeviceTakesThePlaceOfTheOneBeforeUnlessItsIdentityIsShared() {
        for (boolean unique : new boolean[] {true, false}) {
            Joined joined = joined(LessParties.server(unique, true));
            joined.acquire();
            joined.clock.run(Joined.ALL);
            joined.confirm(joined.initiatorKeys.pairs().get(0));
            joined.acquire(joined.need(12, PairId.NONE));
            joined.clock.run(Joined.ALL);

            assertThat(joined.responderKeys.pairs()).hasSize(2);
            PairId first = joined.responderKeys.pairs().get(0).id();
            assertThat(joined.responderKeys.pairs().get(1).supersedes()).isEqualTo(unique ? first : PairId.NONE);
        }
    }

    @Test
    void needThatLessCannotMeetSaysSo() {
        for (Need need : List.of(
                LessParties.need(11, Content.PAYLOAD, Form.NONE),
                LessParties.need(11, Content.MESSAGE, Form.DRAFT_EXACT))) {
            Joined joined = joined();
            joined.acquire(need);
            joined.clock.run(Joined.ALL);

            assertThat(joined.initiatorKeys.failures().get(11).reason()).contains("whole messages in the form of samd");
            assertThat(joined.link.sent()).isEmpty();
        }
    }

    @Test
    void lifetimeIsADayAndAMillionRecordsAndAFifthBeforeItIsSoft() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);

        Lifetime lifetime = joined.responderKeys.pairs().get(0).inbound().lifetime();
        assertThat(lifetime.hard().addTime()).isEqualTo(Duration.ofDays(1));
        assertThat(lifetime.soft().addTime()).isEqualTo(Duration.ofMinutes(1152));
        assertThat(lifetime.hard().records()).isEqualTo(1 << 20);
        assertThat(lifetime.soft().records()).isEqualTo((1 << 20) * 4 / 5);
    }

    @Test
    void aliasOfTheResourceLeadsToTheSameRun() {
        Joined joined = joined();

        Answer m2 = joined.post(post(LessKmp.ALIAS, m1("dev-0001", 0xc0a8), type("")))
                .orElseThrow();

        assertThat(m2.location()).startsWith("/authorize/");
        assertThat(joined.post(post(m2.location(), Octets.ofHex("00"), type("01")))
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.BAD_REQUEST);
    }
}
