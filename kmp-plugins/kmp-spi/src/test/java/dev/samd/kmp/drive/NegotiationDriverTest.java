// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.kmp.testkit.FakeClock;
import dev.samd.kmp.testkit.FakeKeyManagement;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The driver with one daemon and a KMP whose every step the test decides. */
class NegotiationDriverTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final FakeClock clock = new FakeClock(NOON);
    private final FakeKeyManagement keys = new FakeKeyManagement(0x1000);
    private final Wire wire = new Wire();
    private final Log log = new Log();
    private final Scripted kmp = new Scripted();
    private NegotiationDriver driver = driver(kmp, clock::execute);

    private NegotiationDriver driver(Kmp of, Executor workers) {
        return new NegotiationDriver(
                of,
                new DriverPorts(keys, wire, clock, workers),
                new Strangers(StrangerLimits.DEFAULT, new Random(1), NOON),
                DriverLimits.DEFAULT,
                new Random(2),
                log);
    }

    private void start() {
        driver.start();
        clock.settle();
    }

    @Test
    void registersRecallsAndTellsWhatHappens() {
        ToyKmp toy = new ToyKmp(new Random(1));
        Joined joined = new Joined(new Parties(toy, new ToyKmp(new Random(2)), ToyKmp.need(11), NOON), 1);
        joined.acquire();
        joined.clock.run(Joined.ALL);
        PairId pair = joined.initiatorKeys.pairs().get(0).id();

        joined.initiatorKeys.goAway();
        joined.clock.run(Duration.ofSeconds(30));
        joined.initiatorKeys.comeBack();
        joined.clock.run(Duration.ofSeconds(6));
        joined.initiatorKeys.tell("toy", new PairEvent.Confirmed(pair));
        joined.clock.settle();

        assertThat(toy.recalled).containsExactly(pair);
        assertThat(toy.happened).containsExactly(new PairEvent.Confirmed(pair));
        assertThat(joined.initiatorKeys.registrations()).isEqualTo(2);
        assertThat(joined.initiatorKeys.steps()).containsExactly("hello", "post");
    }

    @Test
    void waitsLongerFromTrialToTrialAndBeginsAnewAfterSuccess() {
        keys.goAway();
        start();
        clock.run(Duration.ofSeconds(30));
        keys.comeBack();
        clock.run(Duration.ofSeconds(5));
        keys.goAway();
        clock.settle();

        assertThat(log.pauses.subList(0, 7))
                .extracting(Duration::toMillis)
                .containsExactly(200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
        assertThat(log.pauses.get(log.pauses.size() - 1).toMillis()).isEqualTo(200);
    }

    @Test
    void acquiresBeyondTheBoundAreLeftToTheNextKmp() {
        start();
        for (int sequence = 1; sequence <= 1030; sequence++) {
            keys.offer("scripted", ToyKmp.need(sequence));
        }
        clock.settle();

        assertThat(driver.running()).isEqualTo(1024);
        assertThat(keys.declined()).hasSize(6).containsValue("busy with 1024 others");
    }

    @Test
    void runEndsWhenItsTimeIsOverAndItsWaitersHearWhere() {
        start();
        kmp.next = List.of(new KmpOutput.Progress("token"), send(0));
        keys.offer("scripted", ToyKmp.need(7));
        clock.settle();

        clock.run(Duration.ofSeconds(246));
        assertThat(driver.running()).isEqualTo(1);
        clock.run(Duration.ofSeconds(1));

        assertThat(driver.running()).isZero();
        assertThat(keys.failures())
                .containsEntry(7, new FakeKeyManagement.Failure(110, "took longer than 247 s, at token"));
        assertThat(kmp.negotiations.get(0).calls).containsExactly("start", "abandon");
        assertThat(wire.answers.get(0)).isCancelled();
    }

    @Test
    void lateAnswersTimersAndInstallationsReachNoEndedRun() {
        start();
        kmp.next = List.of(send(0), new KmpOutput.SetTimer("t", Duration.ofSeconds(5)));
        keys.offer("scripted", ToyKmp.need(7));
        clock.settle();
        Script script = kmp.negotiations.get(0);

        keys.withdraw("scripted", 7, "flushed");
        clock.settle();
        wire.answers.get(0).complete(Answer.of(Answer.CREATED));
        clock.run(Duration.ofMinutes(10));

        assertThat(script.calls).containsExactly("start", "abandon");
        assertThat(driver.remembered()).isZero();
    }

    @Test
    void timerOfTheSameNameReplacesTheOneBefore() {
        start();
        kmp.next = List.of(
                new KmpOutput.SetTimer("a", Duration.ofSeconds(5)),
                new KmpOutput.SetTimer("a", Duration.ofSeconds(9)),
                new KmpOutput.SetTimer("b", Duration.ofSeconds(7)));
        keys.offer("scripted", ToyKmp.need(7));
        clock.settle();
        kmp.next = List.of();

        clock.run(Duration.ofSeconds(8));
        assertThat(kmp.negotiations.get(0).calls).containsExactly("start", "timer b");
        clock.run(Duration.ofSeconds(8));
        assertThat(kmp.negotiations.get(0).calls).containsExactly("start", "timer b", "timer a");
    }

    @Test
    void kmpThatThrowsFailsItsRunAndNothingElse() {
        start();
        kmp.next = List.of(send(0));
        keys.offer("scripted", ToyKmp.need(7));
        keys.offer("scripted", ToyKmp.need(8));
        clock.settle();
        kmp.defect = "broken";

        wire.answers.get(0).complete(Answer.of(Answer.CREATED));
        clock.settle();

        assertThat(keys.failures()).containsOnlyKeys(7);
        assertThat(log.faults).containsExactly("broken");
        assertThat(driver.running()).isEqualTo(1);
        kmp.defect = "at the beginning";
        keys.offer("scripted", ToyKmp.need(9));
        clock.settle();
        assertThat(keys.failures()).containsOnlyKeys(7, 9);
    }

    @Test
    void endWithoutSasIsToldToThoseWhoWait() {
        start();
        kmp.next = List.of(new KmpOutput.Done());
        keys.offer("scripted", ToyKmp.need(7));
        clock.settle();

        assertThat(keys.failures())
                .containsEntry(7, new FakeKeyManagement.Failure(71, "the negotiation ended without SAs"));
    }

    @Test
    void replacementThatThePeersOwnRunMadeNeedsNoSasOfThisOne() {
        start();
        kmp.next = List.of(new KmpOutput.Done());
        Need need = ToyKmp.need(7);
        keys.offer(
                "scripted",
                new Need(
                        7,
                        need.local(),
                        need.target(),
                        need.via(),
                        need.content(),
                        need.form(),
                        need.suites(),
                        need.acceptable(),
                        new PairId(5),
                        need.lifetime(),
                        need.window(),
                        need.reqid()));
        clock.settle();

        assertThat(keys.failures()).isEmpty();
        assertThat(log.ended).containsExactly("acquire 7 for coap://toy-server: done");
    }

    @Test
    void replyOfARunThatNobodyAskedIsAFault() {
        start();
        kmp.next = List.of(new KmpOutput.Reply(Answer.of(Answer.CREATED)));
        keys.offer("scripted", ToyKmp.need(7));
        clock.settle();

        assertThat(log.faults).hasSize(1);
        assertThat(keys.failures()).containsOnlyKeys(7);
    }

    @Test
    void lostAnswerToAnInstallationIsAskedForAgainAndInstallsOnce() {
        Joined joined = joined();
        joined.initiatorKeys.loseReplies(3);

        joined.acquire();
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.lastOutcome()).isEqualTo("done");
        assertThat(joined.initiatorKeys.openKeys()).isZero();
        assertThat(joined.faults).isEmpty();
    }

    @Test
    void runsEndWithTheRegistrationTheirClaimsCameFrom() {
        Joined joined = joined();
        joined.link.silenceFrom(1);
        joined.acquire();
        assertThat(joined.running()).isEqualTo(1);

        joined.initiatorKeys.goAway();
        joined.clock.settle();

        assertThat(joined.running()).isZero();
        assertThat(joined.lastOutcome()).isEqualTo("abandoned: the daemon went away");
    }

    @Test
    void kmpAnswersAnAcquireOnceAndAnotherClaimStartsNoSecondRun() {
        start();
        keys.offer("scripted", ToyKmp.need(7));
        clock.settle();
        keys.offer("scripted", ToyKmp.need(7));
        clock.settle();

        assertThat(kmp.negotiations).hasSize(1);
    }

    @Test
    void requestsAreRefusedWhileTheDaemonIsAway() {
        keys.goAway();
        start();

        assertThat(post("192.0.2.1:1").answers).containsExactly(Answer.of(Answer.UNAVAILABLE));
        assertThat(driver.remembered()).isZero();
    }

    @Test
    void halfOpenRunsOfOneSourceAreBounded() {
        start();
        kmp.admits = true;
        for (int i = 0; i < 16; i++) {
            assertThat(post("192.0.2.1:" + i).answers).isEmpty();
        }

        assertThat(post("192.0.2.1:99").answers).containsExactly(Answer.of(Answer.TOO_MANY));
        assertThat(post("192.0.2.2:1").answers).isEmpty();
        assertThat(driver.running()).isEqualTo(17);
        clock.run(Duration.ofSeconds(247));
        assertThat(driver.remembered()).isZero();
        assertThat(post("192.0.2.1:1").answers).isEmpty();
    }

    @Test
    void halfOpenRunsAreBoundedInAll() {
        start();
        kmp.admits = true;
        int busy = 0;
        for (int i = 0; i < 1200; i++) {
            clock.run(Duration.ofMillis(20));
            busy += post("10.0." + i / 250 + "." + i % 250 + ":1").answers.size();
        }

        assertThat(driver.running()).isEqualTo(1024);
        assertThat(busy).isEqualTo(176);
    }

    @Test
    void tenThousandPostsASecondFromOneSourceLeaveNothingAndOthersGetThrough() {
        start();
        int screened = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            clock.run(Duration.ofNanos(100_000));
            Heard heard = post("203.0.113.9:" + i);
            screened += heard.answers.contains(Answer.of(Answer.BAD_REQUEST)) ? 1 : 0;
            refused += heard.answers.contains(Answer.of(Answer.TOO_MANY)) ? 1 : 0;
            if (i % 1000 == 0) {
                assertThat(post("192.0.2." + i / 1000 + ":1").answers).containsExactly(Answer.of(Answer.BAD_REQUEST));
            }
        }

        assertThat(screened).isBetween(30, 41);
        assertThat(refused).isEqualTo(20_000 - screened);
        assertThat(driver.remembered()).isZero();
        assertThat(clock.pending()).isZero();
    }

    @Test
    void protectedRequestComesUnderThePairThatTheDaemonNames() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);
        FakeKeyManagement daemon = joined.responderKeys;
        FakeKeyManagement.Installed pair = daemon.pairs().get(0);
        NegotiationDriver relayed = new NegotiationDriver(
                kmp,
                new DriverPorts(daemon, wire, clock, clock::execute),
                new Strangers(StrangerLimits.DEFAULT, new Random(1), NOON),
                DriverLimits.DEFAULT,
                new Random(2),
                log);
        relayed.start();
        clock.settle();

        Heard good = post(relayed, "192.0.2.1:1", pair.inbound().spi().octets());
        Heard invented = post(relayed, "192.0.2.1:1", Octets.ofHex("abcd"));

        assertThat(good.answers).containsExactly(Answer.of(Answer.BAD_REQUEST));
        assertThat(kmp.screened).hasSize(1);
        assertThat(kmp.screened.get(0).under().orElseThrow().id()).isEqualTo(pair.id());
        assertThat(invented.answers).containsExactly(Answer.of(Answer.UNAUTHORIZED));
        assertThat(relayed.remembered()).isZero();
    }

    @Test
    void kmpDeletesItsOwnPairsUntilTheyAreConfirmed() {
        Joined joined = joined();
        joined.acquire(joined.need(1, PairId.NONE));
        joined.acquire(joined.need(2, PairId.NONE));
        joined.clock.run(Joined.ALL);
        joined.close();
        FakeKeyManagement daemon = joined.initiatorKeys;
        PairId open = daemon.pairs().get(0).id();
        PairId confirmed = daemon.pairs().get(1).id();
        daemon.tell("toy", new PairEvent.Confirmed(confirmed));
        List<KmpOutput> deletions = List.of(
                new KmpOutput.Delete(confirmed),
                new KmpOutput.Delete(open),
                new KmpOutput.Delete(new PairId(999)),
                new KmpOutput.Failed(11, "enough"));

        kmp.next = deletions;
        runOn(daemon, "scripted");
        assertThat(daemon.pairs()).as("those of another KMP").hasSize(2);
        kmp.name = "toy";
        runOn(daemon, "toy");

        assertThat(daemon.pairs()).extracting(FakeKeyManagement.Installed::id).containsExactly(confirmed);
        assertThat(log.faults).isEmpty();
    }

    private void runOn(FakeKeyManagement daemon, String name) {
        NegotiationDriver other = new NegotiationDriver(
                kmp,
                new DriverPorts(daemon, wire, clock, clock::execute),
                new Strangers(StrangerLimits.DEFAULT, new Random(1), NOON),
                DriverLimits.DEFAULT,
                new Random(2),
                log);
        other.start();
        clock.settle();
        daemon.offer(name, ToyKmp.need(7));
        clock.settle();
        assertThat(other.running()).isZero();
        other.close();
        clock.settle();
    }

    @Test
    void kmpThatThrowsAtARequestAnswersWithAnInternalError() {
        start();
        kmp.defect = "broken";

        assertThat(post("192.0.2.1:1").answers).containsExactly(Answer.of(0xa0));
        assertThat(driver.remembered()).isZero();
        assertThat(log.faults).containsExactly("broken");
    }

    @Test
    void reasonOfARefusalIsForTheLogAndNotForItsSender() {
        start();

        assertThat(post("192.0.2.1:1").answers).containsExactly(Answer.of(Answer.BAD_REQUEST));
        assertThat(log.refused)
                .as("nothing is said where there is nothing to say")
                .isEmpty();
        kmp.reason = "a ticket of yesterday";

        assertThat(post("192.0.2.2:1").answers).containsExactly(Answer.of(Answer.BAD_REQUEST));
        assertThat(log.refused).containsExactly("192.0.2.2:1: 128: a ticket of yesterday");
    }

    @Test
    void runThatEndsWithoutAReplyLeavesItsPeerInSilence() {
        start();
        kmp.admits = true;
        kmp.next = List.of(new KmpOutput.Failed(71, "no"));

        Heard heard = post("192.0.2.1:1");

        assertThat(heard.silent).isTrue();
        assertThat(heard.answers).isEmpty();
        assertThat(log.ended).containsExactly("request from 192.0.2.1:1: failed: no");
    }

    @Test
    void runThatListensHearsTheRequestsAtItsPathUntilItsEnd() {
        start();
        Script run = listening("192.0.2.1:1", "/scripted/a");
        kmp.next = List.of(new KmpOutput.Reply(Answer.of(Answer.CHANGED)));

        assertThat(postTo("/scripted/a", "192.0.2.1:1").answers).containsExactly(Answer.of(Answer.CHANGED));
        assertThat(postTo("/scripted/a", "203.0.113.5:7").answers)
                .as("an address names nobody")
                .containsExactly(Answer.of(Answer.CHANGED));
        kmp.next = List.of(new KmpOutput.Reply(Answer.of(Answer.UNAUTHORIZED)), new KmpOutput.Failed(13, "no"));
        assertThat(postTo("/scripted/a", "192.0.2.1:1").answers).containsExactly(Answer.of(Answer.UNAUTHORIZED));
        kmp.admits = false;

        assertThat(postTo("/scripted/a", "192.0.2.1:1").answers)
                .as("the KMP is asked about a run that is no more")
                .containsExactly(Answer.of(Answer.BAD_REQUEST));
        assertThat(run.calls)
                .containsExactly("start", "request /scripted/a", "request /scripted/a", "request /scripted/a");
        assertThat(driver.remembered()).isZero();
    }

    @Test
    void secondRequestWaitsForTheFirst() {
        start();
        listening("192.0.2.1:1", "/scripted/a");

        kmp.next = List.of();
        Heard first = postTo("/scripted/a", "192.0.2.1:1");
        Heard second = postTo("/scripted/a", "192.0.2.1:1");

        assertThat(first.answers).isEmpty();
        assertThat(second.answers).containsExactly(Answer.of(Answer.UNAVAILABLE));
    }

    @Test
    void oldestHalfOpenRunOfASourceGivesWayWhateverItHasHeard() {
        start();
        Script heardMore = listening("192.0.2.1:1", "/scripted/a0");
        kmp.next = List.of(new KmpOutput.Reply(Answer.of(Answer.UNAUTHORIZED)));
        postTo("/scripted/a0", "192.0.2.1:1");
        List<Script> others = new ArrayList<>();
        for (int i = 1; i <= DriverLimits.DEFAULT.halfOpenPerSource(); i++) {
            clock.run(Duration.ofSeconds(1));
            others.add(listening("192.0.2.1:1", "/scripted/a" + i));
        }
        Script elsewhere = listening("192.0.2.2:1", "/scripted/b");

        assertThat(heardMore.calls).contains("abandon");
        assertThat(others).allSatisfy(run -> assertThat(run.calls).doesNotContain("abandon"));
        assertThat(elsewhere.calls).doesNotContain("abandon");
        assertThat(log.faults).isEmpty();
    }

    @Test
    void pathThatIsNotBelowAResourceOrIsTakenIsADefect() {
        start();
        listening("192.0.2.1:1", "/scripted/a");

        for (String path : List.of("/scripted/a", "/scripted", "/scripted/a/b", "/other/a")) {
            listening("192.0.2.2:1", path);
        }

        assertThat(log.faults.stream().filter(fault -> fault.contains("cannot listen at /")))
                .hasSize(4);
        assertThat(driver.running()).isEqualTo(1);
    }

    @Test
    void workIsDoneElsewhereAndWhatItThrewIsTold() {
        start();
        List<String> done = new ArrayList<>();
        kmp.next = List.of(new KmpOutput.Work(5, () -> {
            done.add("worked");
            kmp.next = List.of(new KmpOutput.Failed(126, "no ticket"));
            throw new IllegalStateException("no ticket");
        }));
        keys.offer("scripted", ToyKmp.need(1));
        clock.settle();

        assertThat(done).containsExactly("worked");
        assertThat(kmp.negotiations.get(0).calls).containsExactly("start", "worked 5 no ticket");
        assertThat(driver.remembered()).isZero();
    }

    @Test
    void runIsWipedAfterTheWorkThatReadsItsSecrets() {
        List<Runnable> later = new ArrayList<>();
        driver = driver(kmp, later::add);
        start();
        kmp.next = List.of(new KmpOutput.Work(1, () -> {}));
        keys.offer("scripted", ToyKmp.need(1));
        clock.settle();
        List<String> calls = kmp.negotiations.get(0).calls;

        keys.withdraw("scripted", 1, "flushed");
        clock.settle();
        assertThat(driver.running()).isZero();
        assertThat(calls).containsExactly("start");
        later.forEach(Runnable::run);
        clock.settle();

        assertThat(calls).containsExactly("start", "abandon");
    }

    @Test
    void workForWhichThereIsNoRoomHasFailed() {
        driver = driver(kmp, work -> {
            kmp.next = List.of(new KmpOutput.Failed(11, "busy"));
            throw new RejectedExecutionException("full");
        });
        start();
        kmp.next = List.of(new KmpOutput.Work(1, () -> {}));
        keys.offer("scripted", ToyKmp.need(1));
        clock.settle();

        assertThat(kmp.negotiations.get(0).calls).containsExactly("start", "worked 1 full");
    }

    private Script listening(String source, String path) {
        kmp.admits = true;
        kmp.next = List.of(new KmpOutput.Listen(path), new KmpOutput.Reply(Answer.of(Answer.CREATED)));
        post(source);
        return kmp.negotiations.get(kmp.negotiations.size() - 1);
    }

    private Heard postTo(String path, String source) {
        Heard heard = new Heard();
        Incoming request = new Incoming(path, 2, -1, Octets.EMPTY, source, Endpoint.HOST_WIDE, Optional.empty());
        driver.post(new Post(request, Octets.EMPTY, Optional.empty()), heard);
        clock.settle();
        return heard;
    }

    private Joined joined() {
        return new Joined(new Parties(new ToyKmp(new Random(1)), new ToyKmp(new Random(2)), ToyKmp.need(11), NOON), 1);
    }

    private Heard post(String source) {
        return post(driver, source, Octets.EMPTY);
    }

    private Heard post(NegotiationDriver to, String source, Octets reference) {
        Heard heard = new Heard();
        Incoming request = new Incoming("/scripted", 2, -1, Octets.EMPTY, source, Endpoint.HOST_WIDE, Optional.empty());
        Optional<Post.Relay> relay =
                reference.isEmpty() ? Optional.empty() : Optional.of(new Post.Relay("uid:7", reference));
        to.post(new Post(request, Octets.EMPTY, relay), heard);
        clock.settle();
        return heard;
    }

    private static KmpOutput.Send send(int exchange) {
        return new KmpOutput.Send(
                exchange, new Outgoing(ToyKmp.PEER, Optional.empty(), "/x", 42, -1, Octets.EMPTY, Optional.empty()));
    }

    /** Says nothing, or what the test puts into {@link #next}. */
    private static final class Scripted implements Kmp {
        private final List<Script> negotiations = new ArrayList<>();
        private final List<Incoming> screened = new ArrayList<>();
        private List<KmpOutput> next = List.of();
        private String name = "scripted";
        private String defect = "";
        private String reason = "";
        private boolean admits;

        @Override
        public String name() {
            return name;
        }

        @Override
        public String probePath() {
            return "/scripted";
        }

        @Override
        public List<String> resources() {
            return List.of("/scripted", "/scripted/*");
        }

        @Override
        public Negotiation initiate(Need need) {
            Script script = new Script(this);
            negotiations.add(script);
            return script;
        }

        @Override
        public Screening screen(Instant now, Incoming request) {
            screened.add(request);
            outputs();
            if (!admits) {
                return new Screening.Answered(Answer.of(Answer.BAD_REQUEST), reason);
            }
            Script script = new Script(this);
            negotiations.add(script);
            return new Screening.Admitted(script);
        }

        @Override
        public void recalled(Instant now, List<InstalledPair> pairs) {}

        @Override
        public void happened(Instant now, PairEvent event) {}

        private List<KmpOutput> outputs() {
            if (!defect.isEmpty()) {
                throw new IllegalStateException(defect);
            }
            return next;
        }
    }

    /** A run that remembers its calls and says what its KMP says. */
    private static final class Script implements Negotiation {
        private final Scripted kmp;
        private final List<String> calls = new ArrayList<>();

        Script(Scripted kmp) {
            this.kmp = kmp;
        }

        private List<KmpOutput> called(String what) {
            calls.add(what);
            return kmp.outputs();
        }

        @Override
        public List<KmpOutput> start(Instant now) {
            return called("start");
        }

        @Override
        public List<KmpOutput> onReserved(Instant now, Spi spi) {
            return called("reserved");
        }

        @Override
        public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
            return called("answer " + exchange);
        }

        @Override
        public List<KmpOutput> onSilence(Instant now, int exchange) {
            return called("silence " + exchange);
        }

        @Override
        public List<KmpOutput> onRequest(Instant now, Incoming request) {
            return called("request " + request.path());
        }

        @Override
        public List<KmpOutput> onWorked(Instant now, int number, Optional<Exception> failure) {
            return called(
                    "worked " + number + failure.map(e -> " " + e.getMessage()).orElse(""));
        }

        @Override
        public List<KmpOutput> onTimer(Instant now, String timer) {
            return called("timer " + timer);
        }

        @Override
        public List<KmpOutput> onInstalled(Instant now, PairId pair) {
            return called("installed");
        }

        @Override
        public List<KmpOutput> onRefused(Instant now, SaException refusal) {
            return called("refused");
        }

        @Override
        public void abandon() {
            calls.add("abandon");
        }
    }

    /** A network on which the test answers. */
    private static final class Wire implements KmpTransport {
        private final List<CompletableFuture<Answer>> answers = new ArrayList<>();

        @Override
        public CompletableFuture<Answer> send(Outgoing request) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }
    }

    private static final class Heard implements Replier {
        private final List<Answer> answers = new ArrayList<>();
        private boolean silent;

        @Override
        public void answer(Answer answer) {
            answers.add(answer);
        }

        @Override
        public void challenge(Octets echo) {
            answers.add(Answer.of(Answer.UNAUTHORIZED));
        }

        @Override
        public void silence() {
            silent = true;
        }
    }

    private static final class Log implements DriverObserver {
        private final List<Duration> pauses = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private final List<String> ended = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();

        @Override
        public void registered(String kmp, int recalledPairs) {}

        @Override
        public void disconnected(String kmp, String reason, Duration retryAfter) {
            pauses.add(retryAfter);
        }

        @Override
        public void began(String kmp, String run) {}

        @Override
        public void ended(String kmp, String run, String outcome) {
            ended.add(run + ": " + outcome);
        }

        @Override
        public void refused(String kmp, String source, int code, String reason) {
            refused.add(source + ": " + code + ": " + reason);
        }

        @Override
        public void fault(String kmp, RuntimeException defect) {
            faults.add(String.valueOf(defect.getMessage()));
        }
    }
}
