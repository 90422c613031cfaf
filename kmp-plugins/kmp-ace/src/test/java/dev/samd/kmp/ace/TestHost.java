// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

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
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One host in a test: a KMP, a driver of a few lines and a database of pairs. Requests go where {@link #network} takes them.
 */
final class TestHost {
    final Kmp kmp;
    final Endpoint name;
    final Map<PairId, KeyedPair> pairs = new LinkedHashMap<>();
    final List<Octets> sent = new ArrayList<>();
    final List<KmpOutput> outputs = new ArrayList<>();

    /** Gives the answer, or empty for silence. */
    Function<Outgoing, Optional<Answer>> network = request -> Optional.empty();

    /** What the database refuses, once. */
    Optional<SaException> refusal = Optional.empty();

    /** Whether the database deletes what it is told to. */
    boolean deletes = true;

    Instant now = Tokens.NOW;
    private int spis;
    private long ids;

    TestHost(Kmp kmp, String name, int firstSpi) {
        this.kmp = kmp;
        this.name = Endpoint.parse(name);
        this.spis = firstSpi;
        this.ids = firstSpi;
    }

    /** Runs an acquire to its end; gives its last output. */
    KmpOutput acquire(Need need) {
        return last(run(kmp.initiate(need)));
    }

    List<KmpOutput> run(Negotiation negotiation) {
        List<KmpOutput> all = new ArrayList<>();
        Deque<KmpOutput> open = new ArrayDeque<>(negotiation.start(now));
        while (!open.isEmpty()) {
            KmpOutput output = open.poll();
            all.add(output);
            open.addAll(carryOut(negotiation, output));
        }
        outputs.addAll(all);
        return all;
    }

    private List<KmpOutput> carryOut(Negotiation negotiation, KmpOutput output) {
        if (output instanceof KmpOutput.ReserveSpi) {
            return refused(negotiation).orElseGet(() -> negotiation.onReserved(now, nextSpi()));
        }
        if (output instanceof KmpOutput.Send send) {
            sent.add(send.request().payload());
            return network.apply(send.request())
                    .map(answer -> negotiation.onAnswer(now, send.exchange(), answer))
                    .orElseGet(() -> negotiation.onSilence(now, send.exchange()));
        }
        if (output instanceof KmpOutput.Install install) {
            return refused(negotiation).orElseGet(() -> {
                PairId id = new PairId(++ids);
                pairs.put(id, install.pair());
                return negotiation.onInstalled(now, id);
            });
        }
        if (output instanceof KmpOutput.Delete delete && deletes) {
            pairs.remove(delete.pair());
            ended(delete.pair());
        }
        return List.of();
    }

    private Optional<List<KmpOutput>> refused(Negotiation negotiation) {
        Optional<List<KmpOutput>> outcome = refusal.map(why -> negotiation.onRefused(now, why));
        refusal = Optional.empty();
        return outcome;
    }

    Spi nextSpi() {
        return new Spi(Octets.ofHex(String.format("%08x", ++spis)));
    }

    /** Answers a request in clear. */
    Answer serve(String path, int format, Octets payload) {
        return serve(new Incoming(path, 2, format, payload, "192.0.2.1:5683", name, Optional.empty()));
    }

    Answer serve(Incoming request) {
        Screening screening = kmp.screen(now, request);
        if (screening instanceof Screening.Answered answered) {
            return answered.answer();
        }
        return run(((Screening.Admitted) screening).negotiation()).stream()
                .filter(KmpOutput.Reply.class::isInstance)
                .map(output -> ((KmpOutput.Reply) output).answer())
                .findFirst()
                .orElseThrow();
    }

    /** Takes the other host's requests straight to this one; those that a pair protects arrive under its partner here. */
    Function<Outgoing, Optional<Answer>> from(TestHost other) {
        return request -> Optional.of(serve(incoming(other, request)));
    }

    Incoming incoming(TestHost other, Outgoing request) {
        Optional<InstalledPair> under = request.protectedAs()
                .map(local -> other.newest())
                .flatMap(theirs -> pairs.entrySet().stream()
                        .filter(mine -> mine.getValue()
                                .inbound()
                                .spi()
                                .equals(theirs.outbound().spi()))
                        .findFirst())
                .map(mine -> installed(mine.getKey(), mine.getValue(), KeyMaterial.adopt(new byte[0])));
        return new Incoming(
                request.path(), 2, request.contentFormat(), request.payload(), "192.0.2.1:5683", name, under);
    }

    static InstalledPair installed(PairId id, KeyedPair pair, KeyMaterial kmpPrivate) {
        return new InstalledPair(
                id, pair.inbound(), pair.outbound(), pair.role(), pair.unconfirmed(), pair.supersedes(), kmpPrivate);
    }

    /** The pair that was installed last. */
    KeyedPair newest() {
        return pairs.get(newestId());
    }

    PairId newestId() {
        return last(new ArrayList<>(pairs.keySet()));
    }

    void confirmed(PairId id) {
        kmp.happened(now, new PairEvent.Confirmed(id));
    }

    void ended(PairId id) {
        kmp.happened(now, new PairEvent.Ended(id, Octets.EMPTY));
    }

    static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
