// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Need;
import dev.samd.kmp.Outgoing;
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
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

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
    /** The network. */
    public final FakeLink link;

    private final Parties parties;
    private final RunLog log = new RunLog(faults);
    private final NegotiationDriver initiator;
    private final NegotiationDriver responder;

    /** @param seed of the network */
    public Joined(Parties parties, long seed) {
        this.parties = parties;
        this.clock = new FakeClock(parties.now());
        this.link = new FakeLink(clock, seed, parties.need().target(), parties.others(), this::reference);
        this.initiator = driver(new WatchedKmp(parties.initiator(), faults), initiatorKeys, link, seed);
        this.responder = driver(
                new WatchedKmp(parties.responder(), faults),
                responderKeys,
                request -> CompletableFuture.failedFuture(new IllegalStateException("nobody is reached from here")),
                seed + 1);
        link.join(responder);
        initiator.start();
        responder.start();
        clock.settle();
    }

    private NegotiationDriver driver(WatchedKmp kmp, FakeKeyManagement keys, KmpTransport transport, long seed) {
        // A network that doubles everything is no flood.
        StrangerLimits limits = new StrangerLimits(1000, 1000, 16, 1000, 1000, EchoUse.NEVER, 1000);
        return new NegotiationDriver(
                kmp,
                new DriverPorts(keys, transport, clock),
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

    /** Runs that have begun and not ended, on both hosts. */
    public int running() {
        return log.running();
    }

    /** How the last run ended. */
    public String lastOutcome() {
        return log.lastOutcome();
    }

    /** Gives a request in clear to the responder, and what it answered at once; empty for nothing yet. */
    public Optional<Answer> post(String path, int code, int format, Octets payload) {
        List<Answer> answers = new ArrayList<>();
        Incoming incoming = new Incoming(path, code, format, payload, "192.0.2.9:1", need().target(), Optional.empty());
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

    /** The name of a pair of the initiator that stands for the responder's daemon: the partner's inbound SPI. */
    private Octets reference(Outgoing request) {
        List<Installed> mine = initiatorKeys.pairs().stream()
                .filter(pair -> pair.outbound().peer().equals(request.to()))
                .toList();
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
