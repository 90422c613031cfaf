// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.client.Bypassed;
import dev.samd.client.Discarded;
import dev.samd.client.Opened;
import dev.samd.client.ProtectOutcome;
import dev.samd.client.ProtectRequest;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.UnprotectOutcome;
import dev.samd.client.UnprotectRequest;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Rights;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OpaqueOptionDefinition;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;

/**
 * A daemon without cryptography, for one host: it splits, numbers, binds and remembers like the real one, and answers on
 * threads of its own. The payload of a protected message is {@code 19 fe fd | pair:8 | number:8 | answers:8 | message}, the
 * message under an exclusive or, so that no clear text is found on the wire.
 */
final class FakeDaemon implements MessageProtection, AutoCloseable {
    private static final int MASK = 0x5a;
    private static final int HEADER = 3 + 3 * Long.BYTES;

    final List<ProtectRequest> protectCalls = new CopyOnWriteArrayList<>();
    final List<UnprotectRequest> unprotectCalls = new CopyOnWriteArrayList<>();
    /** What it does instead of answering; null for answering. */
    volatile Supplier<CompletableFuture<ProtectOutcome>> insteadOfProtect;

    volatile Supplier<CompletableFuture<UnprotectOutcome>> insteadOfUnprotect;

    /** Whether its policy lets requests pass in clear. */
    volatile boolean bypasses;

    /** What the credential of every sender allows. */
    volatile Rights rights = Rights.NONE;

    /** A critical option that no program here knows, and that a daemon passes like any other. */
    static final OptionDefinition UNKNOWN = new OpaqueOptionDefinition(65_013, "Unknown");

    private final MessageConverter converter = new MessageConverter(HandedOnOptions.registry(new MapBasedOptionRegistry(
            StandardOptionRegistry.getDefaultOptionRegistry(), OuterSigns.DTLS_RECORD, UNKNOWN)));
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final AtomicLong number;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final long pair;

    /** The daemon of a host that sends its requests under this pair, and opens all that it is sent. */
    FakeDaemon(long pair) {
        this.pair = pair;
        // Every host has numbers of its own, so that a fake replay window can tell the directions of a pair apart.
        this.number = new AtomicLong(pair * 1_000_000);
    }

    static SaException noSa() {
        return new SaException(SaError.NO_USABLE_SA, "coap://server", "no SA for coap://server");
    }

    @Override
    public CompletionStage<ProtectOutcome> protect(ProtectRequest request) {
        protectCalls.add(request);
        if (bypasses && request.inReplyTo().isEmpty()) {
            return CompletableFuture.supplyAsync(() -> new Bypassed(request.coap()), threads);
        }
        Supplier<CompletableFuture<ProtectOutcome>> instead = insteadOfProtect;
        return instead == null ? CompletableFuture.supplyAsync(() -> sealed(request), threads) : instead.get();
    }

    @Override
    public CompletionStage<UnprotectOutcome> unprotect(UnprotectRequest request) {
        unprotectCalls.add(request);
        Supplier<CompletableFuture<UnprotectOutcome>> instead = insteadOfUnprotect;
        return instead == null ? CompletableFuture.supplyAsync(() -> opened(request), threads) : instead.get();
    }

    ProtectedMessage sealed(ProtectRequest request) {
        Message inner = converter.message(request.coap());
        boolean observe = inner.getOptions().hasObserve();
        Message outer = inner instanceof Request
                ? new Request(observe ? Code.FETCH : Code.POST)
                : new Response(observe ? ResponseCode.CONTENT : ResponseCode.CHANGED);
        outer.setOptions(outside(inner.getOptions()));
        outer.getOptions().addOption(new Option(OuterSigns.DTLS_RECORD, new byte[0]));
        ByteBuffer reply = ByteBuffer.wrap(request.inReplyTo().toArray());
        long pairOfMessage = reply.hasRemaining() ? reply.getLong() : pair;
        long answers = reply.hasRemaining() ? reply.getLong() : 0;
        long own = number.incrementAndGet();
        outer.setPayload(ByteBuffer.allocate(HEADER + request.coap().length())
                .put(new byte[] {0x19, (byte) 0xfe, (byte) 0xfd})
                .putLong(pairOfMessage)
                .putLong(own)
                .putLong(answers)
                .put(masked(request.coap().toArray()))
                .array());
        return new ProtectedMessage(
                MessageConverter.octets(outer),
                reference(pairOfMessage, own),
                new SaId(pairOfMessage),
                Spi.ofHex("a1b2c3d4"),
                Endpoint.parse("coap://server"),
                Identity.manual("coap://server"));
    }

    UnprotectOutcome opened(UnprotectRequest request) {
        Message outer = converter.message(request.coap());
        ByteBuffer record = ByteBuffer.wrap(outer.getPayload());
        if (record.remaining() < HEADER || !OuterSigns.areProtected(outer)) {
            return bypasses
                    ? new Bypassed(request.coap())
                    : new Discarded(DiscardReason.MALFORMED, Optional.empty(), false);
        }
        record.position(3);
        long pairOfMessage = record.getLong();
        long own = record.getLong();
        long answers = record.getLong();
        if (!request.inReplyTo().isEmpty() && !request.inReplyTo().equals(reference(pairOfMessage, answers))) {
            return new Discarded(DiscardReason.BINDING_MISMATCH, Optional.empty(), false);
        }
        if (!seen.add(pairOfMessage + "/" + own)) {
            return new Discarded(DiscardReason.REPLAY, Optional.empty(), false);
        }
        byte[] inner = new byte[record.remaining()];
        record.get(inner);
        String peer = !request.inReplyTo().isEmpty() ? "coap://server" : "coap://client-" + pairOfMessage;
        return new Opened(
                Octets.of(masked(inner)),
                reference(pairOfMessage, own),
                own,
                new Opened.Sender(
                        new SaId(pairOfMessage),
                        Spi.ofHex("d4c3b2a1"),
                        new PairId(pairOfMessage),
                        Endpoint.parse(peer),
                        Identity.manual(peer),
                        List.of(Endpoint.parse(peer)),
                        rights));
    }

    /** Outer options of RFC 8613 s4.1, as far as the tests have them. */
    private static OptionSet outside(OptionSet inner) {
        OptionSet outer = new OptionSet();
        if (inner.hasUriHost()) {
            outer.setUriHost(inner.getUriHost());
        }
        if (inner.hasUriPort()) {
            outer.setUriPort(inner.getUriPort());
        }
        if (inner.hasProxyScheme()) {
            outer.setProxyScheme(inner.getProxyScheme());
        }
        if (inner.hasObserve()) {
            outer.setObserve(inner.getObserve());
        }
        return outer;
    }

    private static Octets reference(long pair, long number) {
        return Octets.of(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(pair)
                .putLong(number)
                .array());
    }

    private static byte[] masked(byte[] octets) {
        byte[] masked = octets.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK;
        }
        return masked;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
