// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.v1.WatchServiceGrpc.WatchServiceImplBase;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.v1.WatchServiceWatchResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** A watch service that gives what it was told to give, and then stands still. Thread-safe. */
public final class FakeWatch extends WatchServiceImplBase {
    private final List<WatchServiceWatchResponse> items = new ArrayList<>();
    private final List<WatchServiceWatchRequest> requests = new ArrayList<>();
    private boolean ending;

    /** Gives this to everybody who comes from now on. */
    public synchronized void give(WatchServiceWatchResponse item) {
        items.add(item);
    }

    /** Ends every watch from now on, behind the last item. */
    public synchronized void endAfterwards() {
        ending = true;
    }

    /** Every request so far. */
    public synchronized List<WatchServiceWatchRequest> requests() {
        return List.copyOf(requests);
    }

    @Override
    public synchronized void watch(
            WatchServiceWatchRequest request, StreamObserver<WatchServiceWatchResponse> observer) {
        requests.add(request);
        items.forEach(observer::onNext);
        if (ending) {
            observer.onCompleted();
        }
    }
}
