// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import dev.samd.sa.SecurityAssociation;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.SadbServiceGrpc.SadbServiceBlockingStub;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.wire.SaWire;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Installs pairs, re-keys them and ends them, one call after the other, at a pace, as a KMP of many peers would. The number
 * of its pairs stays the same.
 */
final class Rekeying implements AutoCloseable {
    private static final int PAIRS = 200;
    private static final int FIRST = 1 << 20;
    private static final long PAUSE_NANOS = 10_000_000;

    private final GrpcClient client;
    private final SadbServiceBlockingStub sadb;
    private final ArrayDeque<Pair> pairs = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "rekeying");
    private final AtomicLong installed = new AtomicLong();
    private final AtomicLong rekeyed = new AtomicLong();
    private final AtomicLong deleted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean closed;
    private int next = FIRST;

    Rekeying(Path socket) {
        client = new GrpcClient(socket);
        sadb = SadbServiceGrpc.newBlockingStub(client.channel());
        thread.setDaemon(true);
        thread.start();
    }

    private record Pair(long id, long inbound, int peer) {}

    /** Pairs that were installed for new peers, that took another one's place, that were ended, and refused calls. */
    record Counts(long installed, long rekeyed, long deleted, long refused) {}

    Counts counts() {
        return new Counts(installed.get(), rekeyed.get(), deleted.get(), refused.get());
    }

    private void run() {
        while (!closed) {
            try {
                step();
            } catch (StatusRuntimeException e) {
                if (!closed) {
                    refused.incrementAndGet();
                    Progress.say("a change of an SA is refused: " + e.getStatus());
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Below its number of pairs one comes; else the oldest is re-keyed, and every tenth time it goes instead. */
    private void step() {
        if (pairs.size() < PAIRS) {
            pairs.add(install(next, 0));
            installed.incrementAndGet();
            return;
        }
        Pair oldest = pairs.remove();
        if (next % 20 != 0) {
            pairs.add(install(oldest.peer, oldest.id));
            rekeyed.incrementAndGet();
        } else {
            next += 2;
        }
        sadb.delete(SadbServiceDeleteRequest.newBuilder()
                .setSa(SaSelector.newBuilder().setSaId(oldest.inbound))
                .setPair(true)
                .build());
        deleted.incrementAndGet();
    }

    private Pair install(int peer, long supersedes) {
        int number = next;
        next += 2;
        try (SecurityAssociation in = SaSpec.messages(number).end(Direction.INBOUND, 1, PairId.NONE);
                SecurityAssociation out = SaSpec.messages(number + 1).end(Direction.OUTBOUND, 1, PairId.NONE)) {
            Endpoint name = SaSpec.messages(peer).peer();
            SadbServiceInstallPairResponse answer = sadb.installPair(SadbServiceInstallPairRequest.newBuilder()
                    .setInbound(with(name, in))
                    .setInboundKeys(SaWire.toWire(in.keys()))
                    .setOutbound(with(name, out))
                    .setOutboundKeys(SaWire.toWire(out.keys()))
                    .setSupersedes(supersedes)
                    .build());
            return new Pair(answer.getPairId(), answer.getInboundSaId(), peer);
        }
    }

    private static SaParameters with(Endpoint peer, SecurityAssociation sa) {
        SaParameters parameters = SaWire.toWire(sa.parameters());
        return parameters.toBuilder()
                .setPeer(peer.uri())
                .setPeerIdentity(parameters.getPeerIdentity().toBuilder().setValue(peer.uri()))
                .build();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
