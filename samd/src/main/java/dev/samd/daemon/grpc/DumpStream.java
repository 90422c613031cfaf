// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.Snapshot;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SadbServiceDumpResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One listing on its way: as many entries as the reader takes, converted when he takes them. */
final class DumpStream {
    private final ServerCallStreamObserver<SadbServiceDumpResponse> observer;
    private final Function<SadbEntry, SaEntry> shown;
    private final Caller caller;
    private long held;
    private boolean cancelled;
    private @Nullable Iterator<SadbEntry> entries;
    private long count;

    /** Made inside the handler, where the observer still takes listeners. */
    DumpStream(
            ServerCallStreamObserver<SadbServiceDumpResponse> observer,
            Function<SadbEntry, SaEntry> shown,
            Caller caller) {
        this.observer = observer;
        this.caller = caller;
        this.shown = shown;
        observer.setOnReadyHandler(this::advance);
        observer.setOnCancelHandler(this::cancel);
    }

    /** The snapshot is taken. */
    synchronized void begin(Snapshot snapshot) {
        if (cancelled) {
            return;
        }
        held = (long) snapshot.entries().size() * ServiceLimits.LISTED_ENTRY;
        caller.use().hold(held);
        observer.onNext(SadbServiceDumpResponse.newBuilder()
                .setSnapshot(
                        SadbServiceDumpResponse.Snapshot.newBuilder().setCursor(EntryWire.toWire(snapshot.cursor())))
                .build());
        entries = snapshot.entries().iterator();
        advance();
    }

    private synchronized void cancel() {
        cancelled = true;
        end();
    }

    private void end() {
        entries = null;
        caller.use().hold(-held);
        held = 0;
    }

    private synchronized void advance() {
        if (entries == null) {
            return;
        }
        while (observer.isReady()) {
            if (!entries.hasNext()) {
                end();
                observer.onNext(SadbServiceDumpResponse.newBuilder()
                        .setEnd(SadbServiceDumpResponse.End.newBuilder().setCount(count))
                        .build());
                observer.onCompleted();
                return;
            }
            observer.onNext(SadbServiceDumpResponse.newBuilder()
                    .setEntry(shown.apply(entries.next()))
                    .build());
            count++;
        }
    }
}
