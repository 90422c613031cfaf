// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.client.Challenged;
import dev.samd.client.Discarded;
import dev.samd.client.Opened;
import dev.samd.client.ProtectOutcome;
import dev.samd.client.ProtectRequest;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.UnprotectOutcome;
import dev.samd.client.UnprotectRequest;
import dev.samd.coap.OptionNumbers;
import dev.samd.engine.EngineListener;
import dev.samd.engine.Installation;
import dev.samd.engine.NotFresh;
import dev.samd.engine.PolicyGate;
import dev.samd.engine.ProtectCall;
import dev.samd.engine.Protected;
import dev.samd.engine.RecordEngine;
import dev.samd.engine.UnprotectCall;
import dev.samd.engine.UnprotectResult;
import dev.samd.engine.Unprotected;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.security.SecureRandom;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A host with the real record engine, without a daemon around it: the engine works on threads of its own. */
final class EngineHost implements MessageProtection, EngineListener, AutoCloseable {
    private static final String PRINCIPAL = "uid:1000";

    /** Wider than the requests that a test has under way: a lost one comes back after all the others. */
    private static final int WINDOW = 512;

    private final SecureRandom random = new SecureRandom();
    private final RecordEngine engine;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    /** SAs that their peer does not know any more, as answers in clear said. */
    final Queue<SaId> disowned = new ConcurrentLinkedQueue<>();

    /** How far the host's clock is ahead. */
    final AtomicLong aheadNanos = new AtomicLong();

    EngineHost() {
        this(PolicyGate.PROTECT_ALL);
    }

    EngineHost(PolicyGate gate) {
        engine = new RecordEngine(this, OptionNumbers.DEFAULT, key(16), gate);
    }

    private long now() {
        return System.nanoTime() + aheadNanos.get();
    }

    private KeyMaterial key(int octets) {
        return KeyMaterial.adopt(random.generateSeed(octets));
    }

    /** How two hosts share a pair of SAs. */
    record PairPlan(int pair, int supersedes, Endpoint client, Endpoint server, CipherSuite suite, Form form) {
        static PairPlan of(int pair, Endpoint server) {
            return new PairPlan(
                    pair,
                    0,
                    Endpoint.parse("coap://client-" + pair),
                    server,
                    CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                    Form.SAMD);
        }

        PairPlan with(CipherSuite other) {
            return new PairPlan(pair, supersedes, client, server, other, form);
        }

        PairPlan with(Form other) {
            return new PairPlan(pair, supersedes, client, server, suite, other);
        }

        /** The pair that replaces this one. */
        PairPlan successor() {
            return new PairPlan(pair + 100, pair, client, server, suite, form);
        }
    }

    /** Gives both hosts fresh keys for both directions. */
    static void pair(EngineHost client, EngineHost server, PairPlan plan) {
        int keyLength = plan.suite().aead().keyLength();
        int ivLength = plan.suite().aead().ivLength();
        byte[][] secrets = new byte[4][];
        for (int i = 0; i < 4; i++) {
            secrets[i] = client.random.generateSeed(i % 2 == 0 ? keyLength : ivLength);
        }
        String there = String.format("5a00%04x", plan.pair());
        String back = String.format("c100%04x", plan.pair());
        client.install(plan, Direction.OUTBOUND, there, plan.server(), secrets[0], secrets[1]);
        server.install(plan, Direction.INBOUND, there, plan.client(), secrets[0], secrets[1]);
        server.install(plan, Direction.OUTBOUND, back, plan.client(), secrets[2], secrets[3]);
        client.install(plan, Direction.INBOUND, back, plan.server(), secrets[2], secrets[3]);
    }

    private void install(PairPlan plan, Direction direction, String spi, Endpoint peer, byte[] key, byte[] iv) {
        SaParameters parameters = new SaParameters(
                direction,
                Spi.ofHex(spi),
                peer,
                Endpoint.HOST_WIDE,
                Identity.manual(peer.uri()),
                plan.suite(),
                RecordVersion.DTLS12,
                1,
                Content.MESSAGE,
                plan.form(),
                true,
                WINDOW,
                Lifetime.UNLIMITED,
                new History.Fresh());
        SaId id = new SaId(2L * plan.pair() + (direction == Direction.INBOUND ? 1 : 2));
        engine.install(
                new SecurityAssociation(
                        id,
                        new PairId(plan.pair()),
                        parameters,
                        new TrafficKeys(KeyMaterial.copyOf(key), KeyMaterial.copyOf(iv))),
                new Installation(new PairId(plan.supersedes()), Set.of(peer), Installation.NO_MARK));
    }

    /** Takes both SAs of a pair out of use. */
    void retire(PairPlan plan) {
        engine.retire(new SaId(2L * plan.pair() + 1));
        engine.retire(new SaId(2L * plan.pair() + 2));
    }

    @Override
    public CompletionStage<ProtectOutcome> protect(ProtectRequest request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Protected message = (Protected) engine.protect(
                            new ProtectCall(
                                    PRINCIPAL,
                                    request.coap().toArray(),
                                    request.local(),
                                    request.defaultTarget(),
                                    request.inReplyTo().toArray()),
                            now());
                    return new ProtectedMessage(
                            Octets.of(message.coap()),
                            Octets.of(message.reference()),
                            message.sa(),
                            message.spi(),
                            message.peer(),
                            message.identity());
                },
                threads);
    }

    @Override
    public CompletionStage<UnprotectOutcome> unprotect(UnprotectRequest request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    UnprotectResult result = engine.unprotect(
                            new UnprotectCall(
                                    PRINCIPAL,
                                    request.coap().toArray(),
                                    request.local(),
                                    request.source(),
                                    request.inReplyTo().toArray(),
                                    request.peer()),
                            now());
                    return outcome(result instanceof NotFresh stale ? engine.challenge(stale, now()) : result);
                },
                threads);
    }

    private static UnprotectOutcome outcome(UnprotectResult result) {
        if (result instanceof dev.samd.engine.Discarded discarded) {
            return new Discarded(discarded.reason(), discarded.sa(), discarded.tellNetwork());
        }
        if (result instanceof dev.samd.engine.Challenged challenged) {
            return new Challenged(Octets.of(challenged.coap()));
        }
        Unprotected opened = (Unprotected) result;
        return new Opened(
                Octets.of(opened.coap()),
                Octets.of(opened.reference()),
                opened.observeOrder(),
                new Opened.Sender(
                        opened.sa(),
                        opened.spi(),
                        opened.pair(),
                        opened.peer(),
                        opened.identity(),
                        List.copyOf(opened.scope())));
    }

    @Override
    public void soft(SaId sa, ExpireCause cause) {
        throw new AssertionError("soft " + sa + " " + cause);
    }

    @Override
    public void hard(SaId sa, ExpireCause cause) {
        throw new AssertionError("hard " + sa + " " + cause);
    }

    @Override
    public void failedStep(SaId sa) {
        // Nothing is kept here.
    }

    @Override
    public void alarm(SaId sa, long failedOpenings) {
        throw new AssertionError("alarm " + sa + " after " + failedOpenings);
    }

    @Override
    public void used(SaId sa) {
        // first use is the business of a daemon
    }

    @Override
    public void disowned(SaId outbound) {
        disowned.add(outbound);
    }

    @Override
    public void confirmed(SaId inbound) {}

    @Override
    public void markWanted(SaId sa, Direction direction, long mark) {
        throw new AssertionError("mark " + mark + " of " + sa + " wanted");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
