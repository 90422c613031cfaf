// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.Clocks;
import dev.samd.daemon.access.Verb;
import dev.samd.daemon.events.EventLog;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.EventKind;
import dev.samd.v1.WatchServiceGrpc;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.v1.WatchServiceWatchResponse;
import dev.samd.wire.FieldWire;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Changes of the database as they happen. */
final class WatchService extends WatchServiceGrpc.WatchServiceImplBase {
    private final EventLog events;
    private final Clocks clocks;
    private final Drain drain;
    private final Executor executor;
    private final OperationFeed feed;

    /**
     * @param executor where events are converted and written, away from the thread that appends them
     * @param feed the calls of others
     */
    WatchService(EventLog events, Clocks clocks, Drain drain, Executor executor, OperationFeed feed) {
        this.events = events;
        this.clocks = clocks;
        this.drain = drain;
        this.executor = executor;
        this.feed = feed;
    }

    @Override
    public void watch(WatchServiceWatchRequest request, StreamObserver<WatchServiceWatchResponse> observer) {
        @Nullable
        Cursor from = request.hasFrom()
                ? new Cursor(
                        request.getFrom().getIncarnation(),
                        FieldWire.unsigned(
                                SaError.MALFORMED,
                                "from.revision",
                                request.getFrom().getRevision()))
                : null;
        @Nullable Endpoint peer = request.getPeer().isEmpty() ? null : FieldWire.peer("peer", request.getPeer());
        Caller caller = Caller.current();
        if (request.getPromiscuous() && !caller.rights().seesEverything()) {
            throw caller.denied(
                    Verb.WATCH.shortName(),
                    "promiscuous",
                    "the calls of others are shown to operators and auditors alone, and " + caller.principal()
                            + " is neither");
        }
        WatchStream stream = new WatchStream(
                (ServerCallStreamObserver<WatchServiceWatchResponse>) observer,
                new WatchFilter(peer, kinds(request), caller.rights()),
                clocks,
                executor);
        if (request.getPromiscuous()) {
            stream.promiscuous(feed);
        }
        stream.begin(events, from, drain);
    }

    private static Set<EventKind> kinds(WatchServiceWatchRequest request) {
        Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        for (int number : request.getKindsValueList()) {
            EventKind kind = EventKind.forNumber(number);
            if (kind == null || kind == EventKind.EVENT_KIND_UNSPECIFIED) {
                throw new SaException(
                        SaError.MALFORMED, Integer.toString(number), "kind " + number + " is no kind of event");
            }
            kinds.add(kind);
        }
        return kinds;
    }
}
