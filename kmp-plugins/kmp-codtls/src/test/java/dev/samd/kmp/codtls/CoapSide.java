// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.drive.DriverLimits;
import dev.samd.kmp.drive.DriverObserver;
import dev.samd.kmp.drive.DriverPorts;
import dev.samd.kmp.drive.DriverThread;
import dev.samd.kmp.drive.KmpTransport;
import dev.samd.kmp.drive.NegotiationDriver;
import dev.samd.kmp.drive.Post;
import dev.samd.kmp.drive.Replier;
import dev.samd.kmp.drive.StrangerLimits;
import dev.samd.kmp.drive.Strangers;
import dev.samd.kmp.testkit.FakeKeyManagement;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.Exchange;

/** A host with one KMP: its driver on a real thread, a daemon in memory, and a real CoAP endpoint on loopback. */
final class CoapSide implements AutoCloseable, DriverThread, KmpTransport {
    private final FakeKeyManagement keys = new FakeKeyManagement(0x3000_0000);
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    private final Kmp kmp;
    private final CoapPort port;
    private final InetSocketAddress peer;
    private final NegotiationDriver driver;

    /** @param peer where its requests go, whomever they are for */
    CoapSide(Kmp kmp, InetSocketAddress peer) throws IOException {
        this.kmp = kmp;
        this.peer = peer;
        this.port = new CoapPort(this::receive);
        this.driver = new NegotiationDriver(
                kmp,
                new DriverPorts(keys, this, this, executor),
                new Strangers(StrangerLimits.DEFAULT, new Random(1), now()),
                DriverLimits.DEFAULT,
                new Random(1),
                new Outcomes());
        driver.start();
    }

    InetSocketAddress address() {
        return port.address();
    }

    /** Offers an acquire. */
    void acquire(Need need) {
        execute(() -> keys.offer(kmp.name(), need));
    }

    /** How the next run ends, in the driver's words. */
    String outcome() throws InterruptedException {
        return String.valueOf(outcomes.poll(60, TimeUnit.SECONDS));
    }

    /** Looks at the daemon. */
    <T> T daemon(Function<FakeKeyManagement, T> question) {
        return CompletableFuture.supplyAsync(() -> question.apply(keys), executor)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private void receive(Exchange exchange) {
        Request request = exchange.getRequest();
        Incoming incoming = new Incoming(
                "/" + request.getOptions().getUriPathString(),
                request.getRawCode(),
                request.getOptions().getContentFormat(),
                Octets.of(request.getPayload()),
                "127.0.0.1:" + request.getSourceContext().getPeerAddress().getPort(),
                CodtlsParties.SERVER,
                Optional.empty());
        driver.post(new Post(incoming, Octets.EMPTY, Optional.empty()), new Replier() {
            @Override
            public void answer(Answer answer) {
                CoapPort.answer(exchange, answer);
            }

            @Override
            public void challenge(Octets echo) {
                CoapPort.answer(exchange, Answer.of(Answer.UNAUTHORIZED));
            }

            @Override
            public void silence() {}
        });
    }

    @Override
    public CompletableFuture<Answer> send(Outgoing request) {
        return port.post(peer, request.path(), request.contentFormat(), request.payload());
    }

    @Override
    public Instant now() {
        return Clock.systemUTC().instant();
    }

    @Override
    public void execute(Runnable work) {
        executor.execute(work);
    }

    @Override
    public Timer after(Duration delay, Runnable work) {
        Future<?> task = executor.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> task.cancel(false);
    }

    @Override
    public void close() {
        driver.close();
        port.close();
        executor.shutdownNow();
    }

    private final class Outcomes implements DriverObserver {
        @Override
        public void registered(String name, int recalledPairs) {}

        @Override
        public void disconnected(String name, String reason, Duration retryAfter) {}

        @Override
        public void began(String name, String run) {}

        @Override
        public void ended(String name, String run, String outcome) {
            outcomes.add(outcome);
        }

        @Override
        public void refused(String name, String source, int code, String reason) {}

        @Override
        public void fault(String name, RuntimeException defect) {
            outcomes.add("defect: " + defect);
        }
    }
}
