// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import com.google.protobuf.Timestamp;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.Cursor;
import dev.samd.v1.Keys;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaFilter;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SaState;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceAddResponse;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDeleteResponse;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceDumpResponse;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceFlushResponse;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGetResponse;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGetSpiResponse;
import dev.samd.v1.SadbServiceGrpc.SadbServiceImplBase;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.v1.SadbServiceUpdateResponse;
import dev.samd.v1.Usage;
import dev.samd.wire.ErrorWire;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A small SA database without states or limits, that remembers what it was asked. Thread-safe. */
public final class FakeSadb extends SadbServiceImplBase {
    /** When every SA was added: 2026-11-24T00:00:00Z. */
    public static final long ADDED = 1_795_478_400L;

    private final Map<Long, SaEntry> entries = new LinkedHashMap<>();
    private final List<SadbServiceAddRequest> added = new ArrayList<>();
    private final List<SadbServiceUpdateRequest> updated = new ArrayList<>();
    private final List<SadbServiceInstallPairRequest> pairs = new ArrayList<>();
    private final List<SadbServiceGetSpiRequest> reserved = new ArrayList<>();
    private long lastId;

    /** Puts an entry as it is. */
    public synchronized void put(SaEntry entry) {
        entries.put(entry.getSaId(), entry);
        lastId = Math.max(lastId, entry.getSaId());
    }

    /** Every ADD so far. */
    public synchronized List<SadbServiceAddRequest> added() {
        return List.copyOf(added);
    }

    /** Every UPDATE so far. */
    public synchronized List<SadbServiceUpdateRequest> updated() {
        return List.copyOf(updated);
    }

    /** Every pair so far. */
    public synchronized List<SadbServiceInstallPairRequest> pairs() {
        return List.copyOf(pairs);
    }

    /** Every GETSPI so far. */
    public synchronized List<SadbServiceGetSpiRequest> reserved() {
        return List.copyOf(reserved);
    }

    @Override
    public void getSpi(SadbServiceGetSpiRequest request, StreamObserver<SadbServiceGetSpiResponse> observer) {
        answer(observer, () -> {
            reserved.add(request);
            return SadbServiceGetSpiResponse.newBuilder()
                    .setSaId(++lastId)
                    .setSpi(
                            request.hasRange()
                                    ? request.getRange().getMin()
                                    : com.google.protobuf.ByteString.fromHex("01020304"))
                    .build();
        });
    }

    @Override
    public void add(SadbServiceAddRequest request, StreamObserver<SadbServiceAddResponse> observer) {
        answer(observer, () -> {
            added.add(request);
            boolean taken = entries.values().stream()
                    .anyMatch(entry -> entry.getParameters()
                                    .getSpi()
                                    .equals(request.getParameters().getSpi())
                            && entry.getParameters().getDirection()
                                    == request.getParameters().getDirection());
            if (taken) {
                throw new SaException(SaError.SPI_IN_USE, "3f1a07c2", "SPI 3f1a07c2 is in use");
            }
            SaEntry entry = entry(++lastId, request.getParameters());
            entries.put(entry.getSaId(), entry);
            return SadbServiceAddResponse.newBuilder()
                    .setSaId(entry.getSaId())
                    .setPairId(request.getPairName().isEmpty() ? 0 : 1)
                    .build();
        });
    }

    @Override
    public void update(SadbServiceUpdateRequest request, StreamObserver<SadbServiceUpdateResponse> observer) {
        answer(observer, () -> {
            updated.add(request);
            return SadbServiceUpdateResponse.newBuilder()
                    .setEntry(find(request.getSa()))
                    .build();
        });
    }

    @Override
    public void installPair(
            SadbServiceInstallPairRequest request, StreamObserver<SadbServiceInstallPairResponse> observer) {
        answer(observer, () -> {
            pairs.add(request);
            return SadbServiceInstallPairResponse.newBuilder()
                    .setPairId(5)
                    .setInboundSaId(10)
                    .setOutboundSaId(11)
                    .addScope(request.getOutbound().getPeer())
                    .build();
        });
    }

    @Override
    public void delete(SadbServiceDeleteRequest request, StreamObserver<SadbServiceDeleteResponse> observer) {
        answer(observer, () -> {
            SaEntry entry = find(request.getSa());
            entries.remove(entry.getSaId());
            SadbServiceDeleteResponse.Builder ended =
                    SadbServiceDeleteResponse.newBuilder().addSaIds(entry.getSaId());
            if (request.getPair() && entry.getPartnerSaId() != 0) {
                entries.remove(entry.getPartnerSaId());
                ended.addSaIds(entry.getPartnerSaId());
            }
            return ended.build();
        });
    }

    @Override
    public void get(SadbServiceGetRequest request, StreamObserver<SadbServiceGetResponse> observer) {
        answer(observer, () -> SadbServiceGetResponse.newBuilder()
                .setEntry(find(request.getSa()))
                .build());
    }

    @Override
    public void flush(SadbServiceFlushRequest request, StreamObserver<SadbServiceFlushResponse> observer) {
        answer(observer, () -> {
            int before = entries.size();
            entries.values().removeIf(entry -> fits(request.getFilter(), entry));
            return SadbServiceFlushResponse.newBuilder()
                    .setCount(before - entries.size())
                    .build();
        });
    }

    @Override
    public synchronized void dump(SadbServiceDumpRequest request, StreamObserver<SadbServiceDumpResponse> observer) {
        observer.onNext(SadbServiceDumpResponse.newBuilder()
                .setSnapshot(SadbServiceDumpResponse.Snapshot.newBuilder()
                        .setCursor(Cursor.newBuilder().setIncarnation(0xabc).setRevision(17)))
                .build());
        List<SaEntry> fitting = entries.values().stream()
                .filter(entry -> fits(request.getFilter(), entry))
                .toList();
        fitting.forEach(entry -> observer.onNext(
                SadbServiceDumpResponse.newBuilder().setEntry(entry).build()));
        observer.onNext(SadbServiceDumpResponse.newBuilder()
                .setEnd(SadbServiceDumpResponse.End.newBuilder().setCount(fitting.size()))
                .build());
        observer.onCompleted();
    }

    /** An entry as ADD makes it. */
    public static SaEntry entry(long id, SaParameters parameters) {
        return SaEntry.newBuilder()
                .setSaId(id)
                .setRevision(id)
                .setState(SaState.SA_STATE_MATURE)
                .setParameters(parameters)
                .addScope(parameters.getPeer())
                .setUsage(Usage.getDefaultInstance())
                .setAdded(Timestamp.newBuilder().setSeconds(ADDED))
                .setOwner("uid:1000")
                .build();
    }

    /** Whether a message holds the given key anywhere. */
    public static boolean holds(Keys keys, String hex) {
        return keys.getKey().equals(com.google.protobuf.ByteString.fromHex(hex))
                || keys.getIv().equals(com.google.protobuf.ByteString.fromHex(hex));
    }

    private SaEntry find(SaSelector selector) {
        return entries.values().stream()
                .filter(entry -> switch (selector.getNameCase()) {
                    case SA_ID -> entry.getSaId() == selector.getSaId();
                    case INBOUND_SPI ->
                        entry.getParameters().getDirectionValue() == 1
                                && entry.getParameters().getSpi().equals(selector.getInboundSpi());
                    case OUTBOUND ->
                        entry.getParameters().getDirectionValue() == 2
                                && entry.getParameters()
                                        .getPeer()
                                        .equals(selector.getOutbound().getPeer())
                                && entry.getParameters()
                                        .getSpi()
                                        .equals(selector.getOutbound().getSpi());
                    case NAME_NOT_SET -> false;
                })
                .findFirst()
                .orElseThrow(() -> new SaException(SaError.NO_SUCH_SA, "named", "no SA of that name"));
    }

    private static boolean fits(SaFilter filter, SaEntry entry) {
        return (filter.getPeer().isEmpty()
                        || filter.getPeer().equals(entry.getParameters().getPeer()))
                && (filter.getDirectionValue() == 0
                        || filter.getDirectionValue() == entry.getParameters().getDirectionValue())
                && (filter.getStateValue() == 0 || filter.getStateValue() == entry.getStateValue())
                && (filter.getLocal().isEmpty()
                        || filter.getLocal().equals(entry.getParameters().getLocal()));
    }

    private synchronized <T> void answer(StreamObserver<T> observer, Supplier<T> call) {
        try {
            observer.onNext(call.get());
            observer.onCompleted();
        } catch (SaException e) {
            observer.onError(ErrorWire.toStatus(e));
        }
    }
}
