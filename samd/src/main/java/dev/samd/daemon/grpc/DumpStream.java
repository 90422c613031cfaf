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
    private @Nullable Iterator<SadbEntry> entries;
    private long count;

    /** Made inside the handler, where the observer still takes listeners. */
    DumpStream(ServerCallStreamObserver<SadbServiceDumpResponse> observer, Function<SadbEntry, SaEntry> shown) {
        this.observer = observer;
        this.shown = shown;
        observer.setOnReadyHandler(this::advance);
        observer.setOnCancelHandler(this::cancel);
    }

    /** The snapshot is taken. */
    synchronized void begin(Snapshot snapshot) {
        observer.onNext(SadbServiceDumpResponse.newBuilder()
                .setSnapshot(
                        SadbServiceDumpResponse.Snapshot.newBuilder().setCursor(EntryWire.toWire(snapshot.cursor())))
                .build());
        entries = snapshot.entries().iterator();
        advance();
    }

    private synchronized void cancel() {
        entries = null;
    }

    private synchronized void advance() {
        if (entries == null) {
            return;
        }
        while (observer.isReady()) {
            if (!entries.hasNext()) {
                entries = null;
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
