// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends something under pairs that nobody uses. An unconfirmed pair ends at its responder without a first record, and a program
 * that only serves sends none; so the initiator sends a request for that alone, unless the pair is confirmed before it. Confined
 * to the driver's thread.
 */
final class ConfirmationProbes {
    /** Time for whoever waited for the pair to use it. */
    static final Duration OTHERS_FIRST = Duration.ofSeconds(2);

    private final Kmp kmp;
    private final KmpTransport transport;
    private final DriverThread thread;
    private final int most;
    private final Map<PairId, Probe> waiting = new HashMap<>();

    /** @param most pairs that are probed at one time; those beyond are left to whoever uses them */
    ConfirmationProbes(Kmp kmp, KmpTransport transport, DriverThread thread, int most) {
        this.kmp = kmp;
        this.transport = transport;
        this.thread = thread;
        this.most = most;
    }

    /**
     * A run has installed a pair.
     *
     * @param via the proxy that takes requests to the peer
     */
    void installed(PairId id, KeyedPair pair, Optional<Endpoint> via) {
        SaParameters out = pair.outbound();
        boolean waits = pair.unconfirmed() && pair.role() == PairRole.INITIATOR;
        // What carries no messages carries no request either.
        if (waits && out.content() != Content.RAW && waiting.size() < most) {
            Probe probe = new Probe(id, request(out, via));
            waiting.put(id, probe);
            probe.timer = thread.after(OTHERS_FIRST, probe::send);
        }
    }

    private Outgoing request(SaParameters out, Optional<Endpoint> via) {
        return new Outgoing(
                out.peer(),
                via,
                kmp.probePath(),
                Incoming.NO_FORMAT,
                Incoming.NO_FORMAT,
                Octets.EMPTY,
                Optional.of(out.local()));
    }

    /** A pair is confirmed, or no more: nothing has to be sent. */
    void happened(PairEvent event) {
        end(event.pair());
    }

    /** The daemon's word of what stands after the connection to it was lost. */
    void recalled(List<InstalledPair> pairs) {
        Set<PairId> unconfirmed = pairs.stream()
                .filter(InstalledPair::unconfirmed)
                .map(InstalledPair::id)
                .collect(Collectors.toSet());
        List.copyOf(waiting.keySet()).stream()
                .filter(id -> !unconfirmed.contains(id))
                .forEach(this::end);
    }

    void close() {
        List.copyOf(waiting.keySet()).forEach(this::end);
    }

    /** Pairs that are waited for. */
    int remembered() {
        return waiting.size();
    }

    private void end(PairId id) {
        Probe probe = waiting.remove(id);
        if (probe != null) {
            probe.end();
        }
    }

    private final class Probe {
        private final PairId id;
        private final Outgoing request;
        private DriverThread.@Nullable Timer timer;
        private @Nullable CompletableFuture<Answer> answer;

        Probe(PairId id, Outgoing request) {
            this.id = id;
            this.request = request;
        }

        void send() {
            CompletableFuture<Answer> awaited = transport.send(request);
            answer = awaited;
            // Any answer does: it is the daemon that sees under which pair it came, and says so.
            CompletionStage<Answer> stage = awaited;
            stage.whenComplete((got, failure) -> thread.execute(() -> waiting.remove(id, this)));
        }

        void end() {
            if (timer != null) {
                timer.cancel();
            }
            if (answer != null) {
                answer.cancel(false);
            }
        }
    }
}
