// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.Verb;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceStreamResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * One stream of calls. Items are made as they come and answered as they end, in batches of their own; one that waits for
 * numbers holds nobody up.
 *
 * <p>Bounded: the next batch is asked for only while it would leave no more than 1 024 items without a written answer,
 * and less than the octets of one batch that are not written, so a client that does not read stops being read. What
 * waits here counts for the caller; while that is too much, items are refused. Its monitor guards everything; the engine
 * is called inside, since it never blocks.
 */
final class RecordStream implements StreamObserver<RecordServiceStreamRequest> {
    private static final long DEFAULT_WAIT_MILLIS = 2_000;

    private final RecordCalls calls;
    private final Caller caller;
    private final ServerCallStreamObserver<RecordServiceStreamResponse> out;
    private final Drain drain;
    private final LongSupplier nanos;
    private final Runnable finish = this::finish;
    private final OutstandingIds outstanding = new OutstandingIds();
    private final ArrayDeque<Answer> unwritten = new ArrayDeque<>();
    private final Map<Long, Parked> parked = new HashMap<>();
    private int unanswered;
    /** Items without an answer that have a place in the quota of the caller. */
    private int placed;
    /** Octets of the items that are parked, of the answers that are not written, and of those that were and perhaps not read. */
    private long parkedOctets;

    private long unwrittenOctets;
    private long writtenOctets;
    /** What of all this the caller is told to have. */
    private long held;

    private boolean reading;
    private boolean inBatch;
    private boolean finishing;
    private boolean stopping;
    private boolean ended;

    RecordStream(
            RecordCalls calls,
            Caller caller,
            ServerCallStreamObserver<RecordServiceStreamResponse> out,
            Drain drain,
            LongSupplier nanos) {
        this.calls = calls;
        this.caller = caller;
        this.out = out;
        this.drain = drain;
        this.nanos = nanos;
    }

    void begin() {
        out.disableAutoRequest();
        out.setOnReadyHandler(this::write);
        out.setOnCancelHandler(this::cancel);
        synchronized (this) {
            readMore();
        }
        drain.enter(finish);
    }

    @Override
    public synchronized void onNext(RecordServiceStreamRequest batch) {
        reading = false;
        if (ended) {
            return;
        }
        if (batch.getItemsCount() > ServiceLimits.BATCH_ITEMS) {
            end();
            throw new SaException(
                    SaError.TOO_LARGE,
                    batch.getItemsCount() + " items",
                    "batch of " + batch.getItemsCount() + " items; at most " + ServiceLimits.BATCH_ITEMS + " expected");
        }
        inBatch = true;
        try {
            batch.getItemsList().forEach(this::take);
        } finally {
            inBatch = false;
        }
        write();
    }

    @Override
    public synchronized void onError(Throwable cancelled) {
        cancel();
    }

    /** The client sends no more; its last answers are written, then the stream ends. */
    @Override
    public synchronized void onCompleted() {
        finishing = true;
        write();
    }

    private void take(RecordServiceStreamRequest.Item item) {
        long id = item.getId();
        unanswered++;
        if (stopping) {
            answer(new Answer(refused(id, Drain.refusal()), false));
            return;
        }
        try {
            caller.use().requireRoom();
            caller.use().begin(caller.quota(), nanos.getAsLong());
        } catch (SaException e) {
            caller.watcher().overQuota(caller.rights().principal(), Verb.STREAM.shortName(), e.subject());
            answer(new Answer(refused(id, e), false));
            return;
        }
        placed++;
        if (!outstanding.add(id)) {
            SaException twice = new SaException(
                    SaError.MALFORMED,
                    Long.toUnsignedString(id),
                    "item " + Long.toUnsignedString(id) + " has no answer yet; ids are used once at a time");
            leavePlace();
            answer(new Answer(refused(id, twice), false));
            return;
        }
        try {
            make(id, item);
        } catch (SaException e) {
            leavePlace();
            answer(new Answer(refused(id, e), true));
        }
    }

    private void leavePlace() {
        placed--;
        caller.use().end();
    }

    private void make(long id, RecordServiceStreamRequest.Item item) {
        int octets = item.getSerializedSize();
        if (octets > ServiceLimits.ITEM) {
            throw new SaException(
                    SaError.TOO_LARGE,
                    octets + " octets",
                    "item of " + octets + " octets; at most " + ServiceLimits.ITEM + " expected");
        }
        Consumer<RuntimeException> failed = e -> fail(id, e);
        switch (item.getCallCase()) {
            case PROTECT ->
                run(
                        id,
                        calls.protect(
                                item.getProtect(),
                                caller,
                                DEFAULT_WAIT_MILLIS,
                                answering(id, done -> outcome(id).setProtect(done)),
                                failed),
                        octets);
            case UNPROTECT ->
                run(
                        id,
                        calls.unprotect(
                                item.getUnprotect(),
                                caller,
                                DEFAULT_WAIT_MILLIS,
                                answering(id, done -> outcome(id).setUnprotect(done)),
                                failed),
                        octets);
            case OPEN ->
                run(
                        id,
                        calls.open(
                                item.getOpen(),
                                caller,
                                DEFAULT_WAIT_MILLIS,
                                answering(id, done -> outcome(id).setOpen(done)),
                                failed),
                        octets);
            case SEAL -> seal(id, item.getSeal(), failed);
            case CALL_NOT_SET ->
                throw new SaException(
                        SaError.MALFORMED, "call", "call is missing: say protect, unprotect, seal or open");
        }
    }

    private void seal(long id, RecordServiceSealRequest request, Consumer<RuntimeException> failed) {
        SaSelector sa = EntryWire.fromWire(request.getSa());
        if (sa instanceof SaSelector.ById byId) {
            sealUnder(id, byId, request, failed);
        } else {
            calls.resolve(sa, caller, found -> sealLater(id, new SaSelector.ById(found), request, failed), failed);
        }
    }

    private synchronized void sealLater(
            long id, SaSelector.ById sa, RecordServiceSealRequest request, Consumer<RuntimeException> failed) {
        if (ended) {
            return;
        }
        try {
            sealUnder(id, sa, request, failed);
        } catch (SaException e) {
            failed.accept(e);
        }
    }

    private void sealUnder(
            long id, SaSelector.ById sa, RecordServiceSealRequest request, Consumer<RuntimeException> failed) {
        run(
                id,
                calls.seal(
                        request,
                        sa.id(),
                        caller,
                        DEFAULT_WAIT_MILLIS,
                        answering(id, done -> outcome(id).setSeal(done)),
                        failed),
                request.getSerializedSize());
    }

    private void run(long id, RecordCall call, int octets) {
        if (call.make()) {
            parked.put(id, new Parked(call, octets));
            parkedOctets += octets;
        }
    }

    private <R> Consumer<R> answering(long id, Function<R, RecordServiceStreamResponse.Item.Builder> outcome) {
        return done -> answered(id, outcome.apply(done).build());
    }

    private static RecordServiceStreamResponse.Item.Builder outcome(long id) {
        return RecordServiceStreamResponse.Item.newBuilder().setId(id);
    }

    private synchronized void answered(long id, RecordServiceStreamResponse.Item item) {
        if (ended) {
            return;
        }
        Parked waited = parked.remove(id);
        if (waited != null) {
            parkedOctets -= waited.octets;
        }
        leavePlace();
        answer(new Answer(item, true));
        if (!inBatch) {
            write();
        }
    }

    private synchronized void fail(long id, RuntimeException failure) {
        if (failure instanceof SaException refusal) {
            answered(id, refused(id, refusal));
        } else if (!ended) {
            end();
            out.onError(failure);
        }
    }

    private static RecordServiceStreamResponse.Item refused(long id, SaException e) {
        return outcome(id).setRefused(ErrorWire.toRefusal(e)).build();
    }

    private void answer(Answer answer) {
        unanswered--;
        unwritten.addLast(answer);
        unwrittenOctets += answer.octets;
    }

    /** Writes what the client takes, in batches, then ends or reads on. */
    private synchronized void write() {
        while (!ended && !unwritten.isEmpty() && out.isReady()) {
            writeBatch();
        }
        if (ended) {
            return;
        }
        if (out.isReady()) {
            // The transport has passed on all but some 32 KiB.
            writtenOctets = 0;
        }
        count(parkedOctets + unwrittenOctets + writtenOctets);
        if (finishing && unanswered == 0 && unwritten.isEmpty()) {
            end();
            out.onCompleted();
            return;
        }
        readMore();
    }

    private void writeBatch() {
        RecordServiceStreamResponse.Builder batch = RecordServiceStreamResponse.newBuilder();
        int octets = 0;
        while (!unwritten.isEmpty() && batch.getItemsCount() < ServiceLimits.BATCH_ITEMS) {
            Answer answer = unwritten.getFirst();
            octets += answer.octets;
            if (octets > ServiceLimits.BATCH && batch.getItemsCount() > 0) {
                break;
            }
            unwritten.removeFirst();
            unwrittenOctets -= answer.octets;
            writtenOctets += answer.octets;
            batch.addItems(answer.item);
            if (answer.outstanding) {
                outstanding.remove(answer.item.getId());
            }
        }
        out.onNext(batch.build());
    }

    private void readMore() {
        int open = unanswered + unwritten.size();
        boolean room = open + ServiceLimits.BATCH_ITEMS <= ServiceLimits.OUTSTANDING_ITEMS
                && unwrittenOctets < ServiceLimits.BATCH
                && (unwritten.isEmpty() || !caller.use().isFull());
        if (!reading && !finishing && room) {
            reading = true;
            out.request(1);
        }
    }

    /** The daemon stops: what is under way is answered, nothing new is taken. */
    private synchronized void finish() {
        stopping = true;
        finishing = true;
        write();
    }

    private synchronized void cancel() {
        end();
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        for (; placed > 0; placed--) {
            caller.use().end();
        }
        List.copyOf(parked.values()).forEach(waiting -> waiting.call.cancel());
        parked.clear();
        unwritten.clear();
        count(0);
        drain.leave(finish);
    }

    private void count(long octets) {
        if (octets != held) {
            caller.use().hold(octets - held);
            held = octets;
        }
    }

    /** An item that waits, and how long it is. */
    private record Parked(RecordCall call, int octets) {}

    /**
     * An answer that is not written yet.
     *
     * @param outstanding whether its id is taken until then
     */
    private record Answer(RecordServiceStreamResponse.Item item, int octets, boolean outstanding) {
        Answer(RecordServiceStreamResponse.Item item, boolean outstanding) {
            this(item, item.getSerializedSize(), outstanding);
        }
    }
}
