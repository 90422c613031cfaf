// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaException;
import java.util.concurrent.CompletableFuture;

/**
 * The data path: CoAP messages in, CoAP messages out, over streams that take along whatever is waiting. Thread-safe;
 * no method waits.
 *
 * <p>Requests to protect have a stream of their own, since they may wait for SAs: the daemon reads only so many items of a
 * stream ahead, and whoever waits for a peer that does not answer shall not hold up responses and what arrives.
 *
 * <p>A call fails with what the daemon refuses as {@link SaException}, with {@link SamdUnavailableException} if the daemon
 * cannot be reached or went away (whether the call had its effect is then not known, and nothing is repeated), and with
 * {@code TOO_MANY} if more calls wait than this client keeps. Cancelling a future does not call an item back.
 *
 * <p>Futures are completed on the thread of the connection. What goes on from there must not wait: use the
 * {@code …Async} forms for that.
 */
public final class Records {
    private final RecordStream requests;
    private final RecordStream others;

    Records(Connection connection, StreamBounds bounds) {
        this.requests = new RecordStream(connection, bounds);
        this.others = new RecordStream(connection, bounds);
    }

    /** Protects one CoAP message, unless the policy lets it leave in clear. */
    public CompletableFuture<ProtectOutcome> protect(ProtectRequest request) {
        return (request.inReplyTo().isEmpty() ? requests : others)
                .submit(
                        request.patience(),
                        item -> item.setProtect(RecordWire.toWire(request)),
                        answer -> answer.hasProtect() ? RecordWire.outcome(answer.getProtect()) : null);
    }

    /** Unprotects one CoAP message. */
    public CompletableFuture<UnprotectOutcome> unprotect(UnprotectRequest request) {
        return others.submit(
                request.patience(),
                item -> item.setUnprotect(RecordWire.toWire(request)),
                answer -> answer.hasUnprotect() ? RecordWire.outcome(answer.getUnprotect()) : null);
    }

    /** Seals octets as one record. */
    public CompletableFuture<SealedRecord> seal(SealRequest request) {
        return others.submit(
                request.patience(),
                item -> item.setSeal(RecordWire.toWire(request)),
                answer -> answer.hasSeal() ? RecordWire.sealedRecord(answer.getSeal()) : null);
    }

    /** Opens one record. */
    public CompletableFuture<UnprotectOutcome> open(OpenRequest request) {
        return others.submit(
                request.patience(),
                item -> item.setOpen(RecordWire.toWire(request)),
                answer -> answer.hasOpen() ? RecordWire.outcome(answer.getOpen()) : null);
    }

    void close() {
        requests.close();
        others.close();
    }
}
