// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.drive.KmpTransport;
import dev.samd.kmp.drive.NegotiationDriver;
import dev.samd.kmp.drive.Post;
import dev.samd.kmp.drive.Replier;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The network from one KMP to another: confirmable requests with their retransmissions (RFC 7252 s4.2), and everything that can
 * become of a datagram. As bad as it is told to be, and the same for the same seed.
 */
public final class FakeLink implements KmpTransport {
    private static final List<Duration> TRANSMISSIONS = List.of(
            Duration.ZERO,
            Duration.ofSeconds(2),
            Duration.ofSeconds(6),
            Duration.ofSeconds(14),
            Duration.ofSeconds(30));
    private static final Duration GIVE_UP = Duration.ofSeconds(93);

    private final FakeClock clock;
    private final Random random;
    private final Predicate<Endpoint> reached;
    private final Endpoint local;
    private final Function<Outgoing, Optional<Answer>> others;
    private final Function<Outgoing, Octets> reference;
    private final List<Outgoing> sent = new ArrayList<>();
    private @Nullable NegotiationDriver server;
    private double loss;
    private double duplication;
    private double corruption;
    private int longestMillis;
    private int silentFrom = Integer.MAX_VALUE;
    private int answersToLose;

    /**
     * @param reached the endpoints that are reached through {@link #join}
     * @param local the endpoint at which requests arrive there
     * @param others answers requests to anybody else; empty for silence
     * @param reference names the pair that protects a request, for the daemon of the responder
     */
    FakeLink(
            FakeClock clock,
            long seed,
            Predicate<Endpoint> reached,
            Endpoint local,
            Function<Outgoing, Optional<Answer>> others,
            Function<Outgoing, Octets> reference) {
        this.clock = clock;
        this.random = new Random(seed);
        this.reached = reached;
        this.local = local;
        this.others = others;
        this.reference = reference;
    }

    void join(NegotiationDriver driver) {
        server = driver;
    }

    /** Datagrams are lost, doubled, changed by one bit, and late. */
    public void makeBad(double lost, double doubled, double changed, int millis) {
        loss = lost;
        duplication = doubled;
        corruption = changed;
        longestMillis = millis;
    }

    /** From this request on, counted from 0, nothing arrives. */
    public void silenceFrom(int request) {
        silentFrom = request;
    }

    /** The next answers are lost, on their way back; the requests have had their effect. */
    public void loseAnswers(int number) {
        answersToLose = number;
    }

    /** Requests that were sent, retransmissions not counted. */
    public List<Outgoing> sent() {
        return List.copyOf(sent);
    }

    /** Those of them that are there for their records alone: the first ones under pairs that nobody uses. */
    public List<Outgoing> probes() {
        return sent.stream().filter(FakeLink::isProbe).toList();
    }

    /** Those of them that negotiations sent. */
    public List<Outgoing> negotiated() {
        return sent.stream().filter(request -> !isProbe(request)).toList();
    }

    private static boolean isProbe(Outgoing request) {
        return request.protectedAs().isPresent() && request.payload().isEmpty();
    }

    @Override
    public CompletableFuture<Answer> send(Outgoing request) {
        int number = sent.size();
        sent.add(request);
        Exchange exchange = new Exchange(request);
        if (number < silentFrom) {
            TRANSMISSIONS.forEach(at -> clock.after(at, exchange::transmit));
        }
        clock.after(GIVE_UP, () -> exchange.answer.completeExceptionally(new IOException("no answer")));
        return exchange.answer;
    }

    private boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    private Duration delay() {
        return Duration.ofMillis(longestMillis == 0 ? 0 : random.nextInt(longestMillis));
    }

    private Octets carried(Octets payload) {
        if (payload.isEmpty() || !happens(corruption)) {
            return payload;
        }
        byte[] octets = payload.toArray();
        octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
        return Octets.of(octets);
    }

    /** One confirmable request. The receiver knows a retransmission by its Message ID, and repeats its answer. */
    private final class Exchange {
        private final Outgoing request;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private boolean received;
        private @Nullable Answer given;

        Exchange(Outgoing request) {
            this.request = request;
        }

        void transmit() {
            if (answer.isDone()) {
                return;
            }
            if (!happens(loss)) {
                clock.after(delay(), this::arrive);
            }
            if (happens(duplication)) {
                // Somebody else's copy, under a Message ID of its own: its answer goes nowhere.
                clock.after(delay(), () -> deliver(request.payload(), got -> {}));
            }
        }

        private void arrive() {
            Answer before = given;
            if (before != null) {
                giveBack(before);
            } else if (!received) {
                received = true;
                deliver(carried(request.payload()), got -> {
                    given = got;
                    giveBack(got);
                });
            }
        }

        private void giveBack(Answer got) {
            if (answersToLose > 0) {
                answersToLose--;
            } else if (!happens(loss)) {
                Answer carried = new Answer(got.code(), got.contentFormat(), carried(got.payload()), got.location());
                clock.after(delay(), () -> answer.complete(carried));
            }
        }

        private void deliver(Octets payload, Consumer<Answer> back) {
            Outgoing carried = new Outgoing(
                    request.to(),
                    request.via(),
                    request.path(),
                    request.contentFormat(),
                    request.accept(),
                    payload,
                    request.options(),
                    request.protectedAs());
            if (!reached.test(request.to()) || server == null) {
                others.apply(carried).ifPresent(back);
                return;
            }
            Optional<Post.Relay> relay = request.protectedAs().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Post.Relay("uid:1000", reference.apply(request)));
            Incoming incoming = new Incoming(
                    carried.path(),
                    2,
                    carried.contentFormat(),
                    payload,
                    "192.0.2.1:5683",
                    local,
                    carried.options(),
                    Optional.empty());
            server.post(new Post(incoming, Octets.EMPTY, relay), new Back(back));
        }
    }

    private record Back(Consumer<Answer> back) implements Replier {
        @Override
        public void answer(Answer answer) {
            back.accept(answer);
        }

        @Override
        public void challenge(Octets echo) {
            back.accept(Answer.of(Answer.UNAUTHORIZED));
        }

        @Override
        public void silence() {}
    }
}
