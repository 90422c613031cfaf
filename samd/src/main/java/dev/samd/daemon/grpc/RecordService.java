// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.Clocks;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceOpenRequest;
import dev.samd.v1.RecordServiceOpenResponse;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceSealResponse;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceStreamResponse;
import dev.samd.v1.RecordServiceUnprotectRequest;
import dev.samd.v1.RecordServiceUnprotectResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The data path, on the event loop: computes at once, waits never. */
final class RecordService extends RecordServiceGrpc.RecordServiceImplBase {
    /** How long a call without any deadline waits for numbers. */
    private static final long DEFAULT_WAIT_MILLIS = 2_000;

    private final RecordCalls calls;
    private final Drain drain;
    private final Clocks clocks;

    RecordService(RecordCalls calls, Drain drain, Clocks clocks) {
        this.calls = calls;
        this.drain = drain;
        this.clocks = clocks;
    }

    @Override
    public void protect(RecordServiceProtectRequest request, StreamObserver<RecordServiceProtectResponse> observer) {
        make(calls.protect(request, Caller.current(), callWait(), answering(observer), observer::onError), observer);
    }

    @Override
    public void unprotect(
            RecordServiceUnprotectRequest request, StreamObserver<RecordServiceUnprotectResponse> observer) {
        make(calls.unprotect(request, Caller.current(), callWait(), answering(observer), observer::onError), observer);
    }

    @Override
    public void open(RecordServiceOpenRequest request, StreamObserver<RecordServiceOpenResponse> observer) {
        make(calls.open(request, Caller.current(), callWait(), answering(observer), observer::onError), observer);
    }

    @Override
    public void seal(RecordServiceSealRequest request, StreamObserver<RecordServiceSealResponse> observer) {
        SaSelector sa = EntryWire.fromWire(request.getSa());
        long wait = callWait();
        Caller caller = Caller.current();
        if (sa instanceof SaSelector.ById byId) {
            make(calls.seal(request, byId.id(), caller, wait, answering(observer), observer::onError), observer);
            return;
        }
        cancellable(observer).setOnCancelHandler(() -> {});
        calls.resolve(
                sa,
                caller,
                id -> {
                    try {
                        calls.seal(request, id, caller, wait, answering(observer), observer::onError)
                                .make();
                    } catch (RuntimeException e) {
                        observer.onError(e);
                    }
                },
                observer::onError);
    }

    @Override
    public StreamObserver<RecordServiceStreamRequest> stream(StreamObserver<RecordServiceStreamResponse> observer) {
        RecordStream stream = new RecordStream(calls, Caller.current(), cancellable(observer), drain, clocks.nanos());
        stream.begin();
        return stream;
    }

    private static void make(RecordCall call, StreamObserver<?> observer) {
        // Also keeps an answer that comes after a cancellation from being a fault.
        cancellable(observer).setOnCancelHandler(call::cancel);
        call.make();
    }

    private static <R> ServerCallStreamObserver<R> cancellable(StreamObserver<R> observer) {
        return (ServerCallStreamObserver<R>) observer;
    }

    private static <R> Consumer<R> answering(StreamObserver<R> observer) {
        return answer -> {
            observer.onNext(answer);
            observer.onCompleted();
        };
    }

    private static long callWait() {
        Deadline deadline = Context.current().getDeadline();
        return deadline == null ? DEFAULT_WAIT_MILLIS : Math.max(0, deadline.timeRemaining(TimeUnit.MILLISECONDS));
    }
}
