// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Need;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.drive.DriverLimits;
import dev.samd.kmp.drive.DriverPorts;
import dev.samd.kmp.drive.KmpTransport;
import dev.samd.kmp.drive.NegotiationDriver;
import dev.samd.kmp.drive.Post;
import dev.samd.kmp.drive.Replier;
import dev.samd.kmp.drive.StrangerLimits;
import dev.samd.kmp.drive.StrangerLimits.EchoUse;
import dev.samd.kmp.drive.Strangers;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Two hosts with their drivers and daemons, joined by a link, on one clock. */
public final class Joined {
    /** More than any run may take. */
    public static final Duration ALL = Duration.ofMinutes(10);

    /** The clock of both. */
    public final FakeClock clock;
    /** The daemon of the initiator. */
    public final FakeKeyManagement initiatorKeys = new FakeKeyManagement(0x1000_0000);
    /** The daemon of the responder. */
    public final FakeKeyManagement responderKeys = new FakeKeyManagement(0x2000_0000);
    /** What both did wrong, by the contract of {@link dev.samd.kmp.Kmp} and {@link dev.samd.kmp.Negotiation}. */
    public final List<String> faults = new ArrayList<>();
    /** The network from the initiator to the responder. */
    public final FakeLink link;
    /** The network from the responder to the initiator, for requests under a pair. */
    public final FakeLink back;

    private final Parties parties;
    private final RunLog log = new RunLog(faults);
    private final long seed;
    private NegotiationDriver initiator;
    private NegotiationDriver responder;

    /** @param seed of the network */
    public Joined(Parties parties, long seed) {
        this.parties = parties;
        this.clock = new FakeClock(parties.now());
        this.seed = seed;
        Endpoint target = parties.need().target();
        this.link =
                new FakeLink(clock, seed, target::equals, target, parties.others(), to -> reference(initiatorKeys, to));
        this.back = new FakeLink(
                clock,
                seed + 1,
                any -> true,
                parties.need().local(),
                parties.others(),
                to -> reference(responderKeys, to));
        this.initiator = driver(new WatchedKmp(parties.initiator(), faults), initiatorKeys, link, seed);
        this.responder = driver(new WatchedKmp(parties.responder(), faults), responderKeys, back, seed + 1);
        join();
    }

    private void join() {
        back.join(initiator);
        link.join(responder);
        initiator.start();
        responder.start();
        clock.settle();
    }

    /** Both programs end, and others take their places; the daemons live on. */
    public void restart(Parties others) {
        close();
        initiator = driver(new WatchedKmp(others.initiator(), faults), initiatorKeys, link, seed + 2);
        responder = driver(new WatchedKmp(others.responder(), faults), responderKeys, back, seed + 3);
        join();
    }

    private NegotiationDriver driver(WatchedKmp kmp, FakeKeyManagement keys, KmpTransport transport, long seed) {
        // A network that doubles everything is no flood.
        StrangerLimits limits = new StrangerLimits(1000, 1000, 16, 1000, 1000, EchoUse.NEVER, 1000);
        return new NegotiationDriver(
                kmp,
                new DriverPorts(keys, transport, clock, clock::execute),
                new Strangers(limits, new Random(seed), clock.now()),
                DriverLimits.DEFAULT,
                new Random(seed),
                log);
    }

    /** The name of the KMP. */
    public String kmp() {
        return parties.initiator().name();
    }

    /** The need of these parties. */
    public Need need() {
        return parties.need();
    }

    /** Offers the need of these parties, and does what can be done at once. */
    public void acquire() {
        acquire(need());
    }

    /** Offers a need, and does what can be done at once. */
    public void acquire(Need need) {
        initiatorKeys.offer(kmp(), need);
        clock.settle();
    }

    /** Offers a need to the responder, and does what can be done at once. */
    public void acquireBack(Need need) {
        responderKeys.offer(kmp(), need);
        clock.settle();
    }

    /** The daemons of both hosts say that a pair of the initiator is confirmed. */
    public void confirm(Installed pair) {
        initiatorKeys.tell(kmp(), new PairEvent.Confirmed(pair.id()));
        responderKeys.tell(
                kmp(), new PairEvent.Confirmed(partnerOf(pair).orElseThrow().id()));
        clock.settle();
    }

    /** Runs that have begun, on both hosts. */
    public int begun() {
        return log.begun();
    }

    /** Runs that have begun and not ended, on both hosts. */
    public int running() {
        return log.running();
    }

    /** How the last run ended. */
    public String lastOutcome() {
        return log.lastOutcome();
    }

    /** Why requests were refused, in the words of the KMPs. */
    public List<String> refusals() {
        return log.refusals();
    }

    /** Gives a request in clear to the responder, and what it answered at once; empty for nothing yet. */
    public Optional<Answer> post(String path, int code, int format, Octets payload) {
        Endpoint target = need().target();
        return post(new Incoming(path, code, format, payload, "192.0.2.9:1", target, Optional.empty()));
    }

    /** Gives a request in clear to the responder, and what it answered at once; empty for nothing yet. */
    public Optional<Answer> post(Incoming incoming) {
        List<Answer> answers = new ArrayList<>();
        responder.post(new Post(incoming, Octets.EMPTY, Optional.empty()), new Replier() {
            @Override
            public void answer(Answer answer) {
                answers.add(answer);
            }

            @Override
            public void challenge(Octets echo) {
                faults.add("a challenge that nobody configured");
            }

            @Override
            public void silence() {}
        });
        clock.settle();
        return answers.stream().findFirst();
    }

    /** Stops both drivers. */
    public void close() {
        initiator.close();
        responder.close();
        clock.settle();
    }

    /** The pair of the responder that is the other half of one of the initiator's, if it stands. */
    public Optional<Installed> partnerOf(Installed pair) {
        return responderKeys.pairs().stream()
                .filter(other -> other.inbound().spi().equals(pair.outbound().spi()))
                .findFirst();
    }

    /**
     * What names the pair that protects a request to the daemon of the other host: the partner's inbound SPI. The pair is the
     * newest, of those that are confirmed where there are any.
     */
    private static Octets reference(FakeKeyManagement keys, Outgoing request) {
        List<Installed> all = keys.pairs().stream()
                .filter(pair -> pair.outbound().peer().equals(request.to()))
                .toList();
        List<Installed> confirmed =
                all.stream().filter(pair -> !pair.unconfirmed()).toList();
        List<Installed> mine = confirmed.isEmpty() ? all : confirmed;
        return mine.isEmpty()
                ? Octets.ofHex("00")
                : mine.get(mine.size() - 1).outbound().spi().octets();
    }

    /** The same need under another number, and to replace a pair. */
    public Need need(int sequence, PairId replaces) {
        Need need = need();
        return new Need(
                sequence,
                need.local(),
                need.target(),
                need.via(),
                need.content(),
                need.form(),
                need.suites(),
                need.acceptable(),
                replaces,
                need.lifetime(),
                need.window(),
                need.reqid());
    }
}
