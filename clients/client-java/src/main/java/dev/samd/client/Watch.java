// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.ExpireCause;
import dev.samd.v1.Event;
import dev.samd.v1.Operation;
import dev.samd.v1.WatchServiceGrpc;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.v1.WatchServiceWatchResponse;
import dev.samd.wire.ErrorWire;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import dev.samd.wire.WireEnum;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of the SA database as they happen: what PF_KEY sends to every socket. Thread-safe. */
public final class Watch {
    static final WireEnum<EventKind, dev.samd.v1.EventKind> KIND =
            new WireEnum<>(EventKind.class, dev.samd.v1.EventKind.class, "EVENT_KIND_", null);

    static final WireEnum<AcquireView.State, dev.samd.v1.AcquireView.State> ACQUIRE_STATE =
            new WireEnum<>(AcquireView.State.class, dev.samd.v1.AcquireView.State.class, "", null);

    private final Connection connection;

    Watch(Connection connection) {
        this.connection = connection;
    }

    /** Every change behind now. */
    public Subscription subscribe() {
        return subscribe(WatchRequest.ALL);
    }

    /** Changes behind a cursor, each once and in order, and then as they come. The watch stands when this returns. */
    public Subscription subscribe(WatchRequest wanted) {
        WatchServiceWatchRequest.Builder request =
                WatchServiceWatchRequest.newBuilder().setPromiscuous(wanted.promiscuous());
        wanted.from().ifPresent(cursor -> request.setFrom(cursor.toWire()));
        wanted.peer().ifPresent(endpoint -> request.setPeer(endpoint.uri()));
        wanted.kinds().forEach(kind -> request.addKinds(KIND.toWire(kind)));
        ServerStream<WatchServiceWatchResponse> answers =
                new ServerStream<>(connection, WatchServiceGrpc.getWatchMethod(), request.build());
        answers.awaitFirst();
        return new Subscription(connection, answers);
    }

    /** A watch that is read by one thread. Closed by any. */
    public static final class Subscription implements AutoCloseable {
        private final Connection connection;
        private final ServerStream<WatchServiceWatchResponse> answers;

        private Subscription(Connection connection, ServerStream<WatchServiceWatchResponse> answers) {
            this.connection = connection;
            this.answers = answers;
        }

        /**
         * Waits for the next item.
         *
         * @return {@code null} when the watch was closed, or the thread was interrupted
         * @throws SamdUnavailableException if the daemon goes away
         */
        public @Nullable WatchItem next() {
            WatchServiceWatchResponse answer = answers.next();
            return answer == null ? null : connection.understand(() -> item(answer));
        }

        private WatchItem item(WatchServiceWatchResponse answer) {
            return switch (answer.getItemCase()) {
                case READY -> new WatchItem.Ready(Cursor.of(answer.getReady().getCursor()));
                case LOST ->
                    new WatchItem.Lost(
                            answer.getLost().getCount(),
                            Cursor.of(answer.getLost().getCursor()));
                case EVENT -> event(answer.getEvent());
                case OPERATION -> operation(answer.getOperation());
                case ITEM_NOT_SET -> throw connection.incomprehensible("with an empty item of a watch");
            };
        }

        private static WatchItem operation(Operation wire) {
            return new WatchItem.Operation(
                    FieldWire.instant("time", wire.getTime()),
                    wire.getPrincipal(),
                    wire.getCall(),
                    wire.getSubject(),
                    wire.hasRefusal() ? ErrorWire.fromRefusal(wire.getRefusal()) : Optional.empty());
        }

        static WatchItem.Event event(Event wire) {
            Optional<ExpireCause> cause = SaWire.EXPIRE_CAUSE.find(wire.getCauseValue());
            return new WatchItem.Event(
                    Cursor.of(wire.getCursor()),
                    FieldWire.instant("time", wire.getTime()),
                    KIND.fromWire("kind", wire.getKindValue()),
                    wire.hasEntry() ? Optional.of(EntryWire.entry(wire.getEntry())) : Optional.empty(),
                    wire.getPrincipal(),
                    wire.getSoft() || wire.getHard()
                            ? Optional.of(new WatchItem.Expiry(wire.getHard(), cause))
                            : Optional.empty(),
                    FieldWire.octets(wire.getCloseNotify()),
                    wire.getCount(),
                    wire.hasAcquire() ? Optional.of(acquire(wire.getAcquire())) : Optional.empty(),
                    wire.getKmp());
        }

        private static AcquireView acquire(dev.samd.v1.AcquireView wire) {
            return new AcquireView(
                    wire.getSequence(),
                    FieldWire.endpoint("target", wire.getTarget()),
                    FieldWire.endpoint("local", wire.getLocal()),
                    wire.getKmp(),
                    ACQUIRE_STATE.fromWire("state", wire.getStateValue()),
                    wire.getReason(),
                    Integer.toUnsignedLong(wire.getWaiting()),
                    EntryWire.pair(wire.getReplaces()),
                    wire.getPolicy());
        }

        @Override
        public void close() {
            answers.close();
        }
    }
}
