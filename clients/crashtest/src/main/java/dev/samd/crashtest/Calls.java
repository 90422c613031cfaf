// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import com.google.protobuf.ByteString;
import dev.samd.client.Discarded;
import dev.samd.client.OpenRequest;
import dev.samd.client.Opened;
import dev.samd.client.ProtectOutcome;
import dev.samd.client.ProtectRequest;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.SaSelector;
import dev.samd.client.SamdUnavailableException;
import dev.samd.client.UnprotectOutcome;
import dev.samd.client.UnprotectRequest;
import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What clients ask daemons for. Whatever a daemon says goes into the journal before anything is done with it. */
final class Calls {
    /** Before the index of a host: what is counted for each record that it released when it arrived. */
    static final String RELEASED_BY = "released by ";

    /** The address of every honest client. */
    static final String SOURCE = "192.0.2.1:5683";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Host> hosts;
    private final Journal journal;
    private final Figures figures;
    private final AtomicLong payloads = new AtomicLong();

    Calls(List<Host> hosts, Journal journal, Figures figures) {
        this.hosts = hosts;
        this.journal = journal;
        this.figures = figures;
    }

    /** A message of an exchange that is under way, and the reference that its response needs. */
    record Sent(Delivery delivery, Octets reference) {}

    /** Protects a request, or seals octets, whatever the link carries. Empty if the daemon did not. */
    Optional<Delivery> send(Link link, int from) {
        return link.content() == Content.MESSAGE
                ? protect(link, from, Wire.request(payloads.incrementAndGet()), Octets.EMPTY, Octets.EMPTY)
                        .map(Sent::delivery)
                : seal(link, from);
    }

    /** Protects a message: a request if {@code inReplyTo} is empty. */
    Optional<Sent> request(Link link, int from) {
        return protect(link, from, Wire.request(payloads.incrementAndGet()), Octets.EMPTY, Octets.EMPTY);
    }

    /** Protects a response to what was released with a reference; the requester knows it by another one. */
    Optional<Sent> response(Link link, int from, Octets reference, Octets requester) {
        return protect(link, from, Wire.response(payloads.incrementAndGet()), reference, requester);
    }

    private Optional<Sent> protect(Link link, int from, Octets coap, Octets inReplyTo, Octets requester) {
        try {
            ProtectOutcome outcome = hosts.get(from)
                    .client()
                    .records()
                    .protect(ProtectRequest.of(coap)
                            .withDefaultTarget(link.peerOf(from))
                            .withInReplyTo(inReplyTo)
                            .withPatience(PATIENCE))
                    .join();
            if (!(outcome instanceof ProtectedMessage message)) {
                throw new ViolationException("a message left in clear");
            }
            Octets octets = message.coap();
            Delivery delivery = sealed(link, from, true, octets, Wire.recordOffset(octets), requester);
            return Optional.of(new Sent(delivery, message.reference()));
        } catch (CompletionException e) {
            failed("protect", e.getCause());
            return Optional.empty();
        }
    }

    /** Seals octets, by a call of its own. */
    private Optional<Delivery> seal(Link link, int from) {
        try {
            ByteString record = hosts.get(from)
                    .unary()
                    .seal(
                            new SaSelector.Outbound(link.peerOf(from), link.spi(from)),
                            ByteString.copyFrom(
                                    Wire.response(payloads.incrementAndGet()).toArray()));
            return Optional.of(sealed(link, from, false, Octets.of(record.toByteArray()), 0, Octets.EMPTY));
        } catch (NoAnswerException | SaException e) {
            failed("seal", e);
            return Optional.empty();
        }
    }

    private Delivery sealed(Link link, int from, boolean message, Octets octets, int offset, Octets requester) {
        long key = Wire.connectionId(octets, offset);
        long number = Wire.sequence(octets, offset);
        if (!link.mayBeKey(key, from)) {
            throw new ViolationException("a record of link " + link.number() + " has the SPI " + Long.toHexString(key));
        }
        journal.add(Entry.Kind.SEALED, from, key, number);
        return new Delivery(1 - from, key, number, message, octets, requester);
    }

    /** A record arrives for the first time. The outcome is {@link Optional#empty} where nobody knows it. */
    Optional<Arrival> deliver(Delivery delivery) {
        try {
            Arrival arrival = delivery.message()
                    ? unprotect(delivery, delivery.octets(), SOURCE).join()
                    : new Arrival(hosts.get(delivery.to()).unary().open(delivery.octets(), SOURCE), Octets.EMPTY);
            arrived(delivery, arrival.outcome());
            return Optional.of(arrival);
        } catch (CompletionException e) {
            failed("unprotect", e.getCause());
        } catch (NoAnswerException | SaException e) {
            failed("open", e);
        }
        return Optional.empty();
    }

    /**
     * What became of a record.
     *
     * @param outcome {@link Delivery#RELEASED}, or why not
     * @param reference for the response, where it was released
     */
    record Arrival(String outcome, Octets reference) {
        boolean released() {
            return outcome.equals(Delivery.RELEASED);
        }
    }

    private void arrived(Delivery delivery, String outcome) {
        if (outcome.equals(Delivery.RELEASED)) {
            journal.add(Entry.Kind.RELEASED, delivery.to(), delivery.key(), delivery.number());
            figures.count(RELEASED_BY + delivery.to());
        } else {
            journal.add(Entry.Kind.REFUSED, delivery.to(), delivery.key(), delivery.number());
            figures.count("refused at first: " + outcome);
        }
    }

    /** An attacker brings a record again, by a stream: one that is released once more shows in the journal. */
    CompletableFuture<String> replay(Delivery delivery, String source) {
        return bring(delivery, delivery.octets(), source).thenApply(arrival -> {
            if (arrival.released()) {
                journal.add(Entry.Kind.RELEASED, delivery.to(), delivery.key(), delivery.number());
            }
            return arrival.outcome();
        });
    }

    /** An attacker brings a record with the highest number there is. */
    CompletableFuture<String> forge(Delivery delivery, String source) {
        int offset = delivery.message() ? Wire.recordOffset(delivery.octets()) : 0;
        return bring(delivery, Wire.forged(delivery.octets(), offset), source).thenApply(arrival -> {
            if (arrival.released()) {
                journal.violated(Violation.of("a forged record was released"));
            }
            return arrival.outcome();
        });
    }

    private CompletableFuture<Arrival> bring(Delivery delivery, Octets octets, String source) {
        return delivery.message() ? unprotect(delivery, octets, source) : open(delivery, octets, source);
    }

    private CompletableFuture<Arrival> unprotect(Delivery delivery, Octets octets, String source) {
        return hosts.get(delivery.to())
                .client()
                .records()
                .unprotect(UnprotectRequest.of(octets)
                        .withSource(source)
                        .withInReplyTo(delivery.inReplyTo())
                        .withPatience(PATIENCE))
                .thenApply(Calls::arrival);
    }

    private CompletableFuture<Arrival> open(Delivery delivery, Octets octets, String source) {
        return hosts.get(delivery.to())
                .client()
                .records()
                .open(new OpenRequest(octets, Endpoint.HOST_WIDE, source, Endpoint.HOST_WIDE, PATIENCE))
                .thenApply(Calls::arrival);
    }

    private static Arrival arrival(UnprotectOutcome outcome) {
        if (outcome instanceof Opened opened) {
            return new Arrival(Delivery.RELEASED, opened.reference());
        }
        DiscardReason reason = outcome instanceof Discarded discarded ? discarded.reason() : DiscardReason.POLICY;
        return new Arrival(reason.name(), Octets.EMPTY);
    }

    private void failed(String call, @Nullable Throwable cause) {
        if (cause instanceof SaException refusal) {
            figures.count("failed calls: " + call + " " + refusal.error());
        } else if (cause instanceof SamdUnavailableException || cause instanceof NoAnswerException) {
            figures.count("failed calls: " + call + " without an answer");
        } else {
            throw new IllegalStateException(call, cause);
        }
    }
}
