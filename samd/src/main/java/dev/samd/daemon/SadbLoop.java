// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.events.EventLog;
import dev.samd.daemon.events.LoggedEvent;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.sadb.KmpRegistration;
import dev.samd.daemon.sadb.Notice;
import dev.samd.daemon.sadb.Now;
import dev.samd.daemon.sadb.SaFilter;
import dev.samd.daemon.sadb.Sadb;
import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.SadbEvent;
import dev.samd.daemon.sadb.Step;
import dev.samd.daemon.store.Horizons;
import dev.samd.daemon.store.Kept;
import dev.samd.daemon.store.MarkWaiter;
import dev.samd.daemon.store.SaStore;
import dev.samd.daemon.store.Upkeep;
import dev.samd.engine.EngineListener;
import dev.samd.engine.PolicyGate;
import dev.samd.engine.RecordEngine;
import dev.samd.sa.Direction;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the database. Callers submit a request and get a future; the engine and the store bring their news;
 * time passes.
 *
 * <p>For each step, in this order: the database decides; the store makes it durable; the engine follows; the events are
 * appended; the caller is answered. Steps end in the order in which they began, reads too: nobody is told of an SA that a
 * crash could forget. When the store fails, its outcome is unknown, and nothing is granted any more.
 */
public final class SadbLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SadbLoop.class);
    private static final int MAX_REQUESTS = 16_384;
    private static final int REQUESTS_PER_TURN = 64;
    private static final int SOON_MILLIS = 100;
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration HAND_BACK_PATIENCE = Duration.ofSeconds(60);

    private final Clocks clocks;
    private final RecordEngine engine;
    private final EngineSide engineSide;
    private final SaStore store;
    private final Sadb sadb;
    private final Horizons horizons;
    private final EventLog events;
    private final AcquireWaiters waiters = new AcquireWaiters();
    private final Map<Long, KmpChannel> kmps = new HashMap<>();
    private final BlockingQueue<Request> requests = new ArrayBlockingQueue<>(MAX_REQUESTS);
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Uncommitted<?>> uncommitted = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable String storeFailure;
    private volatile int size;

    /**
     * Starts the thread.
     *
     * @param clocks the clocks
     * @param random for SPIs and the incarnation
     * @param engines makes the engine where SAs are installed, for a listener that hears of wear and a gate that knows the
     *     policies
     * @param kept where changes become durable, and what was kept there; closed with the loop
     * @param bounds of the database
     * @param eventLogSize how many events are kept
     * @param kmpPrincipals whose the KMP of a name may be; a name that is absent may be anybody's
     */
    public SadbLoop(
            Clocks clocks,
            RandomGenerator random,
            BiFunction<EngineListener, PolicyGate, RecordEngine> engines,
            Kept kept,
            SadbBounds bounds,
            int eventLogSize,
            Map<String, Set<String>> kmpPrincipals) {
        this.clocks = clocks;
        PolicySwitch gate = new PolicySwitch();
        this.engine = engines.apply(new EngineSignals(this), gate);
        this.store = kept.store();
        this.sadb = new Sadb(clocks.now(), random, engine::usage, bounds, kmpPrincipals, kept.birth());
        this.engineSide = new EngineSide(sadb, engine, gate, clocks);
        this.horizons = new Horizons(store, engineSide, this::post, bounds, clocks.nanos());
        this.events = new EventLog(sadb.cursor(), eventLogSize);
        store.whenStalled(() -> post(this::refuseWhoWaits));
        restore(kept);
        this.thread = new Thread(this::run, "samd-sadb-1");
        thread.setDaemon(true);
        thread.start();
    }

    /** What was kept is durable already: the engine follows, and nobody has to be told. */
    private void restore(Kept kept) {
        EngineSide.Aftermath aftermath = new EngineSide.Aftermath();
        sadb.restore(clocks.now(), kept.restored(), change -> engineSide.follow(change, aftermath));
        size = sadb.size();
    }

    /**
     * The store has stopped to take changes: whoever waits for one hears so now. What was decided is carried out all the same
     * when it is durable after all.
     */
    private void refuseWhoWaits() {
        store.stalled().ifPresent(why -> {
            for (Uncommitted<?> step : uncommitted) {
                step.reply.completeExceptionally(new SaException(
                        SaError.NO_SPACE,
                        store.name(),
                        "the store takes no changes now, and may take this one later: " + why));
            }
            horizons.stalled(why);
        });
    }

    /** The engine that follows the database. */
    public RecordEngine engine() {
        return engine;
    }

    /** The log of everything that happens. */
    public EventLog events() {
        return events;
    }

    /** What an operator can do with the store. */
    public Upkeep upkeep() {
        return store.upkeep();
    }

    /** Number of SAs that are not DEAD, as of the last step. */
    public int size() {
        return size;
    }

    /**
     * Submits a request.
     *
     * @return ends with the reply, or with the {@link SaException} that the database threw; {@link SaError#TOO_MANY} where
     *     too many requests wait, {@link SaError#NO_SPACE} while the store takes no changes, {@link SaError#SHUTTING_DOWN}
     *     after the end
     */
    public <R> CompletionStage<R> submit(BiFunction<Sadb, Now, Step<R>> request) {
        CompletableFuture<R> reply = new CompletableFuture<>();
        Optional<String> stalled = store.stalled();
        if (closing) {
            reply.completeExceptionally(stopping());
        } else if (stalled.isPresent()) {
            // Whatever was decided now could not be acknowledged.
            reply.completeExceptionally(new SaException(
                    SaError.NO_SPACE, store.name(), "the store takes no changes now: " + stalled.get()));
        } else if (requests.offer(
                new Request(() -> decide(request, reply), () -> reply.completeExceptionally(stopping())))) {
            LockSupport.unpark(thread);
            if (closing) {
                // The thread may have looked for requests for the last time already.
                rejectRequests();
            }
        } else {
            reply.completeExceptionally(new SaException(
                    SaError.TOO_MANY,
                    Integer.toString(MAX_REQUESTS),
                    MAX_REQUESTS + " requests wait already; try again in " + SOON_MILLIS + " ms",
                    SOON_MILLIS));
        }
        return reply;
    }

    /** Parks a call of the data path until its mark is raised, or its time is up. */
    public void await(MarkWaiter waiter) {
        post(() -> horizons.await(waiter));
    }

    /** How many SAs were installed so far: who finds none takes another look if this has grown meanwhile. */
    public long installations() {
        return engineSide.installations();
    }

    /** Parks a call of the data path until an SA for it is there, or its time is up. */
    public void await(AcquireWaiter waiter) {
        post(() -> begin(waiter));
    }

    private void begin(AcquireWaiter waiter) {
        if (waiter.isCancelled()) {
            return;
        }
        if (waiters.isClosed()) {
            waiter.refuse(stopping());
            return;
        }
        long seen = waiter.installationsSeen();
        if (seen != AcquireWaiter.WAIT_IN_ANY_CASE && seen != engineSide.installations()) {
            // An SA came between the look and the wish to wait; perhaps it is the one.
            waiter.resume();
            return;
        }
        CompletableFuture<Long> joined = new CompletableFuture<>();
        CompletionStage<Long> outcome = joined;
        outcome.whenComplete((number, failure) -> {
            if (failure instanceof SaException refusal) {
                waiter.refuse(refusal);
            } else if (failure != null) {
                waiter.refuse(new SaException(SaError.SHUTTING_DOWN, "samd", "the daemon could not ask for an SA"));
            } else if (waiter.isCancelled()) {
                sadb.left(number);
            } else {
                waiters.add(number, waiter);
            }
        });
        decide((sadb, now) -> sadb.acquire(now, waiter.need()), joined);
    }

    /** A call of the data path waits no more for an SA. */
    public void leave(AcquireWaiter waiter) {
        post(() -> waiters.remove(waiter).ifPresent(sadb::left));
    }

    /** Nobody waits for SAs any more: the daemon stops. */
    public void refuseWaiters() {
        post(() -> waiters.close(stopping()));
    }

    /**
     * Registers a KMP.
     *
     * @param channel where it hears what concerns it, from before the stage ends
     * @return ends with the number of the registration, or as {@link #submit}
     */
    public CompletionStage<Long> register(KmpRegistration registration, KmpChannel channel) {
        return submit((sadb, now) -> {
            Step<Long> step = sadb.register(now, registration);
            kmps.put(step.reply(), channel);
            return step;
        });
    }

    /** A KMP is gone. */
    public void unregister(long kmp) {
        post(() -> {
            kmps.remove(kmp);
            decide((sadb, now) -> sadb.unregister(now, kmp), new CompletableFuture<>());
        });
    }

    /** Runs something on the thread of the database; never refused, so its source must be bounded. */
    void post(Runnable task) {
        news.add(task);
        LockSupport.unpark(thread);
    }

    /** Something that the engine told: a step of the database of its own accord. */
    void happened(BiFunction<Sadb, Now, Step<Boolean>> what) {
        post(() -> decide(what, new CompletableFuture<>()));
    }

    /** What an SA was used for by now should outlast a crash. */
    void keepUsage(SaId sa) {
        post(() -> engine.usage(sa).ifPresent(usage -> store.keep(sa, usage)));
    }

    void used(SaId sa) {
        post(() -> engine.usage(sa)
                .filter(Usage::used)
                .ifPresent(usage ->
                        decide((sadb, now) -> sadb.used(now, sa, usage.firstUsedNanos()), new CompletableFuture<>())));
    }

    void markWanted(SaId sa, Direction direction, long mark) {
        post(() -> horizons.wanted(sa, direction, mark));
    }

    private void run() {
        while (!closing) {
            boolean worked = turn();
            if (!worked) {
                park();
            }
        }
        turn();
        waiters.close(stopping());
        rejectRequests();
        awaitStore();
        handBack();
        retireAll();
        store.close();
    }

    /** Leaves exact numbers for the next life, once the engine uses none any more. */
    private void handBack() {
        if (storeFailure != null || !uncommitted.isEmpty()) {
            return; // The marks stand, and the next life begins at them.
        }
        List<SaStore.Note> notes = new ArrayList<>();
        for (SadbEntry entry : sadb.dump(SaFilter.ALL).entries()) {
            engine.halt(entry.id());
            engine.usage(entry.id())
                    .ifPresent(usage -> notes.add(new SaStore.Note(entry.id(), usage, engine.accepted(entry.id()))));
        }
        try {
            store.leave(notes, sadb.cursor().revision())
                    .toCompletableFuture()
                    .get(HAND_BACK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | TimeoutException | ExecutionException e) {
            log.warn(
                    "exact numbers were not left for the next start, which begins at the marks store={}",
                    store.name(),
                    e);
        }
    }

    private boolean turn() {
        boolean worked = false;
        for (Runnable task = news.poll(); task != null; task = news.poll()) {
            runSafely(task);
            worked = true;
        }
        worked |= passTime();
        for (int i = 0; i < REQUESTS_PER_TURN; i++) {
            Request request = requests.poll();
            if (request == null) {
                return worked;
            }
            runSafely(request.decide);
            worked = true;
        }
        return worked;
    }

    private boolean passTime() {
        long now = clocks.nanos().getAsLong();
        if (isDue(horizons.nextDeadline(), now)) {
            runSafely(() -> horizons.expire(now));
        }
        if (isDue(waiters.nextDeadline(), now)) {
            runSafely(() -> waiters.expire(now, sadb::left));
        }
        if (!isDue(sadb.nextDeadline(), now)) {
            return false;
        }
        decide(Sadb::tick, new CompletableFuture<>());
        return true;
    }

    private static boolean isDue(Optional<Long> deadline, long now) {
        return deadline.isPresent() && deadline.get() - now <= 0;
    }

    private void park() {
        long now = clocks.nanos().getAsLong();
        long wait = Long.MAX_VALUE;
        for (Optional<Long> deadline : List.of(sadb.nextDeadline(), horizons.nextDeadline(), waiters.nextDeadline())) {
            if (deadline.isPresent()) {
                wait = Math.min(wait, deadline.get() - now);
            }
        }
        if (wait == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else if (wait > 0) {
            LockSupport.parkNanos(this, wait);
        }
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // A fault of ours in one step must not end the database.
            log.error("step of the database failed", e);
        }
    }

    private <R> void decide(BiFunction<Sadb, Now, Step<R>> request, CompletableFuture<R> reply) {
        String failure = storeFailure;
        if (failure != null) {
            reply.completeExceptionally(new SaException(SaError.SHUTTING_DOWN, store.name(), failure));
            return;
        }
        Step<R> step;
        try {
            step = request.apply(sadb, clocks.now());
        } catch (RuntimeException e) {
            // Refusals go the way of everything else, so that answers come in the order of the requests.
            enqueue(new Uncommitted<R>(null, e, reply, CompletableFuture.completedFuture(0L)));
            return;
        }
        size = sadb.size();
        CompletionStage<Long> stage = step.changes().isEmpty()
                ? CompletableFuture.completedFuture(0L)
                : store.commit(step.changes(), sadb.lastId());
        enqueue(new Uncommitted<>(step, null, reply, stage.toCompletableFuture()));
    }

    private void enqueue(Uncommitted<?> step) {
        uncommitted.addLast(step);
        if (!step.stage.isDone()) {
            CompletionStage<Long> stage = step.stage;
            stage.whenComplete((revision, failure) -> post(this::carryOut));
        }
        carryOut();
    }

    /** Carries out the steps whose changes are durable, in order. */
    private void carryOut() {
        for (Uncommitted<?> first = uncommitted.peekFirst();
                first != null && first.stage.isDone();
                first = uncommitted.peekFirst()) {
            uncommitted.removeFirst();
            carryOut(first);
        }
    }

    private <R> void carryOut(Uncommitted<R> step) {
        if (step.stage.isCompletedExceptionally() || storeFailure != null) {
            if (storeFailure == null) {
                storeFailure = "the SA store has failed; restart the daemon";
                log.error("store failed, nothing is granted any more store={}", store.name());
            }
            step.reply.completeExceptionally(new SaException(
                    SaError.SHUTTING_DOWN, store.name(), "the SA store has failed; restart the daemon"));
            return;
        }
        if (step.step == null) {
            step.reply.completeExceptionally(step.refusalOrThrow());
            return;
        }
        try {
            EngineSide.Aftermath aftermath = new EngineSide.Aftermath();
            step.step.changes().forEach(change -> engineSide.follow(change, aftermath));
            aftermath.retired().forEach(horizons::ended);
            publish(step.step.events(), aftermath);
            step.step.notices().forEach(this::handOver);
        } catch (RuntimeException e) {
            step.reply.completeExceptionally(e);
            throw e;
        }
        step.reply.complete(step.step.reply());
    }

    private void publish(List<SadbEvent> told, EngineSide.Aftermath aftermath) {
        List<LoggedEvent> logged = new ArrayList<>(told.size());
        for (SadbEvent event : told) {
            SaId id = event.about().map(SadbEntry::id).orElse(null);
            Usage usage = id == null ? Sadb.NO_USAGE : engineSide.usageOf(id, aftermath);
            Octets closeNotify = id == null ? Octets.EMPTY : aftermath.closeNotifyOf(id);
            logged.add(new LoggedEvent(event, usage, closeNotify));
            EventLogger.log(event);
        }
        events.append(logged);
        logged.forEach(this::tellMaker);
    }

    /** The KMP that made an SA hears what becomes of it. */
    private void tellMaker(LoggedEvent logged) {
        SadbEvent event = logged.event();
        boolean concerns = event instanceof SadbEvent.Deleted
                || event instanceof SadbEvent.Expired
                || event instanceof SadbEvent.Confirmed;
        if (concerns && !kmps.isEmpty()) {
            event.about()
                    .flatMap(sadb::makerOf)
                    .map(kmps::get)
                    .ifPresent(
                            kmp -> kmp.happened(logged, new Cursor(sadb.cursor().incarnation(), event.revision())));
        }
    }

    private void handOver(Notice notice) {
        if (notice instanceof Notice.ToKmp toKmp) {
            KmpChannel kmp = kmps.get(toKmp.kmp());
            if (kmp != null) {
                kmp.tell(toKmp);
            }
        } else if (notice instanceof Notice.Released released) {
            waiters.released(released.need());
        } else if (notice instanceof Notice.Refused refused) {
            waiters.refused(refused.need(), refused.why());
        }
    }

    private void rejectRequests() {
        for (Request request = requests.poll(); request != null; request = requests.poll()) {
            request.reject.run();
        }
    }

    /** The steps that are on their way to the store still end, in bounded time. */
    private void awaitStore() {
        for (Uncommitted<?> step : List.copyOf(uncommitted)) {
            try {
                step.stage.get(STORE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException | TimeoutException | ExecutionException e) {
                log.warn("a change did not become durable store={}", store.name(), e);
                return;
            }
            runSafely(this::carryOut);
        }
    }

    private void retireAll() {
        for (SadbEntry entry : sadb.dump(SaFilter.ALL).entries()) {
            // One that never became durable was never installed.
            if (engine.usage(entry.id()).isPresent()) {
                runSafely(() -> engine.retire(entry.id()));
            }
        }
    }

    private static SaException stopping() {
        return new SaException(SaError.SHUTTING_DOWN, "samd", "the daemon is stopping");
    }

    /** Ends the thread after the requests that are in, and takes all SAs out of the engine, whose keys are zeroed. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A request, and what becomes of it when the loop ends before its turn. */
    private record Request(Runnable decide, Runnable reject) {}

    /** A step whose changes are on their way to the store. */
    private static final class Uncommitted<R> {
        private final @Nullable Step<R> step;
        private final @Nullable RuntimeException refusal;
        private final CompletableFuture<R> reply;
        private final CompletableFuture<Long> stage;

        Uncommitted(
                @Nullable Step<R> step,
                @Nullable RuntimeException refusal,
                CompletableFuture<R> reply,
                CompletableFuture<Long> stage) {
            this.step = step;
            this.refusal = refusal;
            this.reply = reply;
            this.stage = stage;
        }

        RuntimeException refusalOrThrow() {
            if (refusal == null) {
                throw new IllegalStateException("a step that neither happened nor was refused");
            }
            return refusal;
        }
    }
}
