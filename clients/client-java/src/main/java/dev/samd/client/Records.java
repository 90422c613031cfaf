// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaException;
import dev.samd.v1.RecordServiceStreamRequest.Item;
import dev.samd.v1.RecordServiceStreamResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The data path: CoAP messages in, CoAP messages out, over one stream that takes along whatever is waiting. Thread-safe;
 * no method waits.
 *
 * <p>A call fails with what the daemon refuses as {@link SaException}, with {@link SamdUnavailableException} if the daemon
 * cannot be reached or went away (whether the call had its effect is then not known, and nothing is repeated), and with
 * {@code TOO_MANY} if more calls wait than this client keeps. Cancelling a future does not call an item back.
 *
 * <p>Futures are completed on the thread of the connection. What goes on from there must not wait: use the
 * {@code …Async} forms for that.
 */
public final class Records {
    private final RecordStream stream;

    Records(Connection connection, StreamBounds bounds) {
        this.stream = new RecordStream(connection, bounds);
    }

    /** Protects one CoAP message, unless the policy lets it leave in clear. */
    public CompletableFuture<ProtectOutcome> protect(ProtectRequest request) {
        return submit(
                request.patience(),
                item -> item.setProtect(RecordWire.toWire(request)),
                answer -> answer.hasProtect() ? RecordWire.outcome(answer.getProtect()) : null);
    }

    /** Unprotects one CoAP message. */
    public CompletableFuture<UnprotectOutcome> unprotect(UnprotectRequest request) {
        return submit(
                request.patience(),
                item -> item.setUnprotect(RecordWire.toWire(request)),
                answer -> answer.hasUnprotect() ? RecordWire.outcome(answer.getUnprotect()) : null);
    }

    /** Seals octets as one record. */
    public CompletableFuture<SealedRecord> seal(SealRequest request) {
        return submit(
                request.patience(),
                item -> item.setSeal(RecordWire.toWire(request)),
                answer -> answer.hasSeal() ? RecordWire.sealedRecord(answer.getSeal()) : null);
    }

    /** Opens one record. */
    public CompletableFuture<UnprotectOutcome> open(OpenRequest request) {
        return submit(
                request.patience(),
                item -> item.setOpen(RecordWire.toWire(request)),
                answer -> answer.hasOpen() ? RecordWire.outcome(answer.getOpen()) : null);
    }

    private <T> CompletableFuture<T> submit(
            Duration patience,
            Function<Item.Builder, Item.Builder> call,
            PendingCall.Reader<T, RecordServiceStreamResponse.Item> reader) {
        return stream.submit(patience, call, reader);
    }

    void close() {
        stream.close();
    }
}
