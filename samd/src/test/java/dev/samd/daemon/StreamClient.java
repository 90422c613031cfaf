// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceStreamResponse;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A client of the stream that reads when the test says so. */
final class StreamClient implements ClientResponseObserver<RecordServiceStreamRequest, RecordServiceStreamResponse> {
    final Map<Long, RecordServiceStreamResponse.Item> answers = new ConcurrentHashMap<>();
    final AtomicInteger batches = new AtomicInteger();
    final AtomicInteger items = new AtomicInteger();
    /** Ends with null when the stream was completed, or with its failure. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final boolean reading;
    private ClientCallStreamObserver<RecordServiceStreamRequest> requests;

    private StreamClient(boolean reading) {
        this.reading = reading;
    }

    /** A client that reads whatever comes. */
    static StreamClient reading(Channel channel) {
        return begin(channel, true);
    }

    /** A client that reads one message for each {@link #read}. */
    static StreamClient idle(Channel channel) {
        return begin(channel, false);
    }

    private static StreamClient begin(Channel channel, boolean reading) {
        StreamClient client = new StreamClient(reading);
        RecordServiceGrpc.newStub(channel).stream(client);
        return client;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RecordServiceStreamRequest> stream) {
        requests = stream;
        if (!reading) {
            stream.disableAutoRequestWithInitial(0);
        }
    }

    ClientCallStreamObserver<RecordServiceStreamRequest> requests() {
        return requests;
    }

    void send(RecordServiceStreamRequest.Item... batch) {
        RecordServiceStreamRequest.Builder request = RecordServiceStreamRequest.newBuilder();
        for (RecordServiceStreamRequest.Item item : batch) {
            request.addItems(item);
        }
        requests.onNext(request.build());
    }

    void read(int messages) {
        requests.request(messages);
    }

    @Override
    public void onNext(RecordServiceStreamResponse batch) {
        batches.incrementAndGet();
        batch.getItemsList().forEach(item -> answers.put(item.getId(), item));
        items.addAndGet(batch.getItemsCount());
    }

    @Override
    public void onError(Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        ended.complete(null);
    }
}
