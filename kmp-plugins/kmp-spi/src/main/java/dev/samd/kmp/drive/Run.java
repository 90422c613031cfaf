// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One negotiation from its start to its end, and everything it has in the air: timers, requests, calls on the daemon. Confined
 * to the driver's thread.
 *
 * <p>It ends in exactly one way: Done or Failed by its own word, a failure for it when its time is over or its code is at
 * fault, or abandoned when nobody wants it any more. After the end nothing reaches the negotiation, and the keys that it gave
 * out are closed as soon as no call needs them.
 */
final class Run implements KmpOutput.Sink {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int REQUEST_ID_LENGTH = 16;

    private static final int ETIMEDOUT = 110;
    private static final int EPROTO = 71;
    private static final int EIO = 5;

    /** What a run needs of its driver. */
    interface Host {
        KeyManagement keys();

        KmpTransport transport();

        DriverThread thread();

        Executor workers();

        Octets randomOctets(int length);

        void progressed(AcquireClaim claim, String step);

        void delete(PairId pair);

        /**
         * Requests to a path are the run's from now on.
         *
         * @throws IllegalStateException if the path cannot be a run's
         */
        void listens(Run run, String path);

        /** The peer of a run has proven what it has to: there is something to install. */
        void proven(Run run);

        /**
         * A pair of a run stands.
         *
         * @param pair its parameters; the keys are closed
         * @param need what the run answers; empty where a request began it
         */
        void installed(PairId id, KeyedPair pair, Optional<Need> need);

        void fault(RuntimeException defect);

        /** The run is over. */
        void ended(Run run, String outcome);
    }

    private final String name;
    private final Host host;
    private final Negotiation negotiation;
    private final AcquireClaim claim;
    private final Optional<Need> need;
    private @Nullable Replier replier;

    private final Map<String, DriverThread.Timer> timers = new HashMap<>();
    private final Map<Integer, CompletableFuture<Answer>> exchanges = new HashMap<>();
    private DriverThread.@Nullable Timer limit;
    private String step = "its beginning";
    private int installing;
    private int working;
    private boolean toBeWiped;
    private int installed;
    private boolean over;

    /**
     * @param name says what it is for, in the words of {@link DriverObserver#began}
     * @param claim the acquire that it answers, or {@link AcquireClaim#NONE}
     * @param need what the acquire asks for; empty where a request began it
     * @param replier answers the request that began it; {@code null} for an acquire
     */
    Run(
            String name,
            Host host,
            Negotiation negotiation,
            AcquireClaim claim,
            Optional<Need> need,
            @Nullable Replier replier) {
        this.name = name;
        this.host = host;
        this.negotiation = negotiation;
        this.claim = claim;
        this.need = need;
        this.replier = replier;
    }

    String name() {
        return name;
    }

    AcquireClaim claim() {
        return claim;
    }

    /** Whether the daemon has keys of this run in its hands and has not answered yet. */
    boolean isInstalling() {
        return installing > 0;
    }

    void begin(Duration longest) {
        limit = host.thread()
                .after(longest, () -> fail(ETIMEDOUT, "took longer than " + longest.toSeconds() + " s, at " + step));
        react(() -> negotiation.start(host.thread().now()));
    }

    /** Ends it without a word to the daemon. */
    void abandon(String reason) {
        if (!over) {
            end("abandoned: " + reason);
            wipe();
        }
    }

    private void react(Supplier<List<KmpOutput>> event) {
        if (over) {
            return;
        }
        Iterator<KmpOutput> outputs;
        try {
            outputs = event.get().iterator();
        } catch (RuntimeException e) {
            fault(e);
            return;
        }
        while (outputs.hasNext() && !over) {
            outputs.next().deliver(this);
        }
        if (outputs.hasNext()) {
            outputs.forEachRemaining(Run::discard);
            host.fault(new IllegalStateException(name + ": outputs after the end"));
        }
    }

    private static void discard(KmpOutput output) {
        if (output instanceof KmpOutput.Install install) {
            install.pair().close();
        }
    }

    @Override
    public void reserveSpi(KmpOutput.ReserveSpi output) {
        call(
                () -> host.keys().reserveSpi(claim, output.peer(), output.local()),
                new Outcome<Spi>() {
                    @Override
                    void success(Spi spi) {
                        react(() -> negotiation.onReserved(host.thread().now(), spi));
                    }
                },
                FIRST_PAUSE);
    }

    @Override
    public void install(KmpOutput.Install output) {
        KeyedPair pair = output.pair();
        // The same id again and again: a pair whose first answer was lost is not installed twice.
        Octets requestId = host.randomOctets(REQUEST_ID_LENGTH);
        installing++;
        host.proven(this);
        call(
                () -> host.keys().install(claim, requestId, pair),
                new Outcome<PairId>() {
                    @Override
                    void success(PairId id) {
                        installed++;
                        host.installed(id, pair, need);
                        react(() -> negotiation.onInstalled(host.thread().now(), id));
                    }

                    @Override
                    void settled() {
                        installing--;
                        pair.close();
                    }
                },
                FIRST_PAUSE);
    }

    @Override
    public void delete(KmpOutput.Delete output) {
        host.delete(output.pair());
    }

    @Override
    public void send(KmpOutput.Send output) {
        CompletableFuture<Answer> answer = host.transport().send(output.request());
        exchanges.put(output.exchange(), answer);
        CompletionStage<Answer> stage = answer;
        stage.whenComplete((got, failure) -> host.thread().execute(() -> {
            exchanges.remove(output.exchange(), answer);
            if (got != null) {
                react(() -> negotiation.onAnswer(host.thread().now(), output.exchange(), got));
            } else {
                react(() -> negotiation.onSilence(host.thread().now(), output.exchange()));
            }
        }));
    }

    @Override
    public void reply(KmpOutput.Reply output) {
        Replier one = replier;
        if (one == null) {
            fault(new IllegalStateException(name + ": a reply where no request waits for one"));
            return;
        }
        replier = null;
        one.answer(output.answer());
    }

    @Override
    public void listen(KmpOutput.Listen output) {
        try {
            host.listens(this, output.path());
        } catch (IllegalStateException e) {
            fault(e);
        }
    }

    /** A further request. While one is worked on, another has to wait. */
    void request(Incoming request, Replier answers) {
        if (replier != null) {
            answers.answer(Answer.of(Answer.UNAVAILABLE));
            return;
        }
        replier = answers;
        react(() -> negotiation.onRequest(host.thread().now(), request));
    }

    @Override
    public void work(KmpOutput.Work output) {
        working++;
        try {
            host.workers().execute(() -> {
                Optional<Exception> failure = Optional.empty();
                try {
                    output.job().run();
                } catch (Exception e) {
                    failure = Optional.of(e);
                }
                Optional<Exception> outcome = failure;
                host.thread().execute(() -> worked(output.number(), outcome));
            });
        } catch (RejectedExecutionException e) {
            host.thread().execute(() -> worked(output.number(), Optional.of(e)));
        }
    }

    private void worked(int number, Optional<Exception> failure) {
        working--;
        react(() -> negotiation.onWorked(host.thread().now(), number, failure));
        if (toBeWiped && working == 0) {
            wipe();
        }
    }

    @Override
    public void setTimer(KmpOutput.SetTimer output) {
        DriverThread.Timer[] self = new DriverThread.Timer[1];
        self[0] = host.thread().after(output.after(), () -> {
            timers.remove(output.timer(), self[0]);
            react(() -> negotiation.onTimer(host.thread().now(), output.timer()));
        });
        DriverThread.Timer before = timers.put(output.timer(), self[0]);
        if (before != null) {
            before.cancel();
        }
    }

    @Override
    public void progress(KmpOutput.Progress output) {
        step = output.step();
        if (!claim.isNone()) {
            host.progressed(claim, step);
        }
    }

    @Override
    public void done(KmpOutput.Done output) {
        boolean replacing = need.filter(it -> !it.replaces().isNone()).isPresent();
        if (!claim.isNone() && installed == 0 && !replacing) {
            // Nobody else would tell those who wait. A replacement that the peer began at the same time is another
            // case: its pair answers this acquire too.
            answerAcquire(EPROTO, "the negotiation ended without SAs");
        }
        end("done");
    }

    @Override
    public void failed(KmpOutput.Failed output) {
        answerAcquire(output.errno() > 0 ? output.errno() : EPROTO, output.reason());
        end("failed: " + output.reason());
    }

    /** Ends it in the negotiation's place. */
    private void fail(int errno, String reason) {
        if (!over) {
            answerAcquire(errno, reason);
            end("failed: " + reason);
            wipe();
        }
    }

    private void fault(RuntimeException defect) {
        host.fault(defect);
        fail(EIO, "a defect of the KMP");
    }

    private void answerAcquire(int errno, String reason) {
        if (!claim.isNone()) {
            // Its failure changes nothing: the daemon was told, or has given the acquire to somebody else.
            host.keys().failAcquire(claim, errno, reason).whenComplete((done, failure) -> {});
        }
    }

    private void end(String outcome) {
        over = true;
        if (limit != null) {
            limit.cancel();
        }
        timers.values().forEach(DriverThread.Timer::cancel);
        timers.clear();
        List<CompletableFuture<Answer>> open = List.copyOf(exchanges.values());
        exchanges.clear();
        open.forEach(answer -> answer.cancel(false));
        if (replier != null) {
            replier.silence();
            replier = null;
        }
        host.ended(this, outcome);
    }

    private void wipe() {
        // What a work still reads and writes is wiped after it.
        toBeWiped = working > 0;
        if (toBeWiped) {
            return;
        }
        try {
            negotiation.abandon();
        } catch (RuntimeException e) {
            host.fault(e);
        }
    }

    /** What a call on the daemon came to. */
    private abstract static class Outcome<T> {
        abstract void success(T value);

        /** It is not tried again: comes before anything else. */
        void settled() {}
    }

    /** Calls the daemon until it answers, or the run is over. */
    private <T> void call(Supplier<CompletionStage<T>> call, Outcome<T> outcome, Duration pause) {
        call.get().whenComplete((value, failure) -> host.thread().execute(() -> {
            Throwable cause = StandingRegistration.cause(failure);
            if (cause == null) {
                outcome.settled();
                outcome.success(value);
            } else if (cause instanceof SaException refusal) {
                outcome.settled();
                react(() -> negotiation.onRefused(host.thread().now(), refusal));
            } else if (over) {
                outcome.settled();
            } else {
                again(call, outcome, pause);
            }
        }));
    }

    private <T> void again(Supplier<CompletionStage<T>> call, Outcome<T> outcome, Duration pause) {
        Duration next = pause.multipliedBy(2);
        host.thread().after(pause, () -> {
            if (over) {
                outcome.settled();
            } else {
                call(call, outcome, next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE);
            }
        });
    }
}
