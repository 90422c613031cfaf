// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One host with a KMP, as its driver would run it: everything happens at once and in the call. Each payload that leaves passes
 * through the wire, where somebody may change it.
 */
final class ConversationHost implements AutoCloseable {
    /** A run that goes on beyond this does not end by itself. */
    private static final int MOST_OUTPUTS = 200;

    private final Kmp kmp;
    private final Endpoint name;
    private final Instant now;
    private final UnaryOperator<Octets> wire;
    private final Map<PairId, KeyedPair> pairs = new LinkedHashMap<>();
    private final Map<String, Negotiation> listening = new HashMap<>();
    private @Nullable ConversationHost other;
    private int spis;
    private int ids;
    private int outputs;

    ConversationHost(Kmp kmp, Endpoint name, Instant now, int firstSpi, UnaryOperator<Octets> wire) {
        this.kmp = kmp;
        this.name = name;
        this.now = now;
        this.spis = firstSpi;
        this.wire = wire;
    }

    /** Has requests taken to another host. */
    void peer(ConversationHost peer) {
        other = peer;
    }

    /** Runs an acquire to its end. */
    void acquire(Need need) {
        run(kmp.initiate(need), negotiation -> negotiation.start(now));
    }

    /** The pairs that stand, in the order of their installation. */
    List<KeyedPair> pairs() {
        return List.copyOf(pairs.values());
    }

    /** The name of the pair that was installed last. */
    PairId newest() {
        return pairs.keySet().stream().reduce((first, second) -> second).orElse(PairId.NONE);
    }

    /** Says that all pairs have proven themselves. */
    void confirmAll() {
        pairs.keySet().forEach(pair -> kmp.happened(now, new PairEvent.Confirmed(pair)));
    }

    @FunctionalInterface
    private interface Step {
        List<KmpOutput> on(Negotiation negotiation);
    }

    /** Runs until nothing is left to do; gives the reply, if there is one. */
    private Optional<Answer> run(Negotiation negotiation, Step first) {
        Optional<Answer> reply = Optional.empty();
        Deque<KmpOutput> open = new ArrayDeque<>(first.on(negotiation));
        while (!open.isEmpty()) {
            if (++outputs > MOST_OUTPUTS) {
                throw new Finding("a run does not come to an end");
            }
            KmpOutput output = open.poll();
            if (output instanceof KmpOutput.Reply given) {
                reply = Optional.of(given.answer());
            }
            open.addAll(carriedOut(negotiation, output));
        }
        return reply;
    }

    private List<KmpOutput> carriedOut(Negotiation negotiation, KmpOutput output) {
        if (output instanceof KmpOutput.ReserveSpi) {
            return negotiation.onReserved(now, new Spi(Octets.ofHex(String.format("%08x", ++spis))));
        }
        if (output instanceof KmpOutput.Send send) {
            return negotiation.onAnswer(now, send.exchange(), sent(send.request()));
        }
        if (output instanceof KmpOutput.Listen listen) {
            listening.put(listen.path(), negotiation);
            return List.of();
        }
        if (output instanceof KmpOutput.Install install) {
            PairId id = new PairId(++ids);
            pairs.put(id, install.pair());
            return negotiation.onInstalled(now, id);
        }
        if (output instanceof KmpOutput.Delete delete && pairs.containsKey(delete.pair())) {
            pairs.remove(delete.pair()).close();
            kmp.happened(now, new PairEvent.Ended(delete.pair(), Octets.EMPTY));
        }
        if (output instanceof KmpOutput.Done || output instanceof KmpOutput.Failed) {
            listening.values().remove(negotiation);
        }
        return List.of();
    }

    private Answer sent(Outgoing request) {
        if (other == null) {
            throw new IllegalStateException("a request to nobody");
        }
        Answer answer = other.served(this, request, wire.apply(request.payload()));
        return new Answer(answer.code(), answer.contentFormat(), wire.apply(answer.payload()), answer.location());
    }

    private Answer served(ConversationHost from, Outgoing request, Octets payload) {
        Incoming incoming = new Incoming(
                request.path(),
                2,
                request.contentFormat(),
                payload,
                "192.0.2.1:5683",
                name,
                request.options(),
                request.protectedAs().flatMap(local -> under(from)));
        Negotiation session = listening.get(request.path());
        if (session != null) {
            return run(session, negotiation -> negotiation.onRequest(now, incoming))
                    .orElseGet(ConversationHost::silence);
        }
        Screening screening = kmp.screen(now, incoming);
        if (screening instanceof Screening.Answered answered) {
            return answered.answer();
        }
        return run(((Screening.Admitted) screening).negotiation(), negotiation -> negotiation.start(now))
                .orElseGet(ConversationHost::silence);
    }

    /** A run that fails without a reply leaves its peer without one. Here it gets the next best. */
    private static Answer silence() {
        return Answer.of(Answer.UNAVAILABLE);
    }

    /** The pair of this host that is the partner of the other's newest. */
    private Optional<InstalledPair> under(ConversationHost from) {
        Spi theirs = from.pairs.get(from.newest()) == null
                ? null
                : from.pairs.get(from.newest()).outbound().spi();
        return pairs.entrySet().stream()
                .filter(mine -> mine.getValue().inbound().spi().equals(theirs))
                .findFirst()
                .map(mine -> installed(mine.getKey(), mine.getValue()));
    }

    private static InstalledPair installed(PairId id, KeyedPair pair) {
        return new InstalledPair(
                id,
                pair.inbound(),
                pair.outbound(),
                pair.role(),
                pair.unconfirmed(),
                pair.supersedes(),
                KeyMaterial.adopt(new byte[0]));
    }

    @Override
    public void close() {
        listening.values().forEach(Negotiation::abandon);
        pairs.values().forEach(KeyedPair::close);
    }
}
