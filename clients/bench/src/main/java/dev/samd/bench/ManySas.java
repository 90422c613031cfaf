// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import dev.samd.sa.Direction;
import dev.samd.sa.PairId;
import dev.samd.sa.SecurityAssociation;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceAddResponse;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.wire.SaWire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Installs SAs as many clients at once do: every call is one SA, and ends when that is durable. */
final class ManySas {
    private static final int CONNECTIONS = 8;
    private static final int IN_FLIGHT = CONNECTIONS * 64;

    private ManySas() {}

    /** Installs that many SAs, half of them outbound. */
    static void install(Path socket, int sas) {
        List<GrpcClient> clients = new ArrayList<>();
        Semaphore room = new Semaphore(IN_FLIGHT);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(new GrpcClient(socket));
            }
            for (int i = 0; i < sas; i++) {
                room.acquireUninterruptibly();
                Futures.addCallback(
                        SadbServiceGrpc.newFutureStub(
                                        clients.get(i % CONNECTIONS).channel())
                                .add(request(i)),
                        new Counted(room, failure),
                        MoreExecutors.directExecutor());
            }
            room.acquireUninterruptibly(IN_FLIGHT);
        } finally {
            clients.forEach(GrpcClient::close);
        }
        if (failure.get() != null) {
            throw new IllegalStateException("an SA was not installed", failure.get());
        }
    }

    private static SadbServiceAddRequest request(int number) {
        Direction direction = number % 2 == 0 ? Direction.OUTBOUND : Direction.INBOUND;
        try (SecurityAssociation sa = SaSpec.messages(number).end(direction, 1, PairId.NONE)) {
            return SadbServiceAddRequest.newBuilder()
                    .setParameters(SaWire.toWire(sa.parameters()))
                    .setKeys(SaWire.toWire(sa.keys()))
                    .build();
        }
    }

    private record Counted(Semaphore room, AtomicReference<Throwable> failure)
            implements FutureCallback<SadbServiceAddResponse> {
        @Override
        public void onSuccess(@Nullable SadbServiceAddResponse answer) {
            room.release();
        }

        @Override
        public void onFailure(Throwable why) {
            failure.compareAndSet(null, why);
            room.release();
        }
    }
}
