// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Lifetime;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceAddResponse;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceDumpResponse;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGetSpiResponse;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.SadbServiceGrpc.SadbServiceBlockingStub;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.v1.SadbServiceUpdateResponse;
import dev.samd.v1.SpiRange;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The SA database: the verbs of RFC 2367, one method each. Thread-safe; every method waits for its answer.
 *
 * <p>Every method throws what the daemon refuses with as {@link SaException}, and {@link SamdUnavailableException}.
 */
public final class Sadb {
    private final Connection connection;

    Sadb(Connection connection) {
        this.connection = connection;
    }

    /** Reserves 4 random octets as inbound SPI for a peer. */
    public ReservedSpi getSpi(Endpoint peer, Endpoint local) {
        return getSpi(peer, local, AcquireTie.NONE);
    }

    /** Reserves 4 random octets as inbound SPI for a peer, in answer to an ACQUIRE. */
    public ReservedSpi getSpi(Endpoint peer, Endpoint local, AcquireTie tie) {
        return getSpi(SadbServiceGetSpiRequest.newBuilder()
                .setAcquireSequence(tie.sequence())
                .setClaim(FieldWire.octets(tie.claim()))
                .setPeer(peer.uri())
                .setLocal(local.uri()));
    }

    /** Reserves a free SPI out of {@code min..max}, both of one length, compared as numbers. */
    public ReservedSpi getSpi(Endpoint peer, Endpoint local, Spi min, Spi max) {
        return getSpi(SadbServiceGetSpiRequest.newBuilder()
                .setPeer(peer.uri())
                .setLocal(local.uri())
                .setRange(SpiRange.newBuilder()
                        .setMin(FieldWire.octets(min.octets()))
                        .setMax(FieldWire.octets(max.octets()))));
    }

    /** Installs one SA. */
    public Added add(NewSa sa) {
        SadbServiceAddResponse answer = call(stub -> stub.add(SadbServiceAddRequest.newBuilder()
                .setRequestId(FieldWire.octets(sa.requestId()))
                .setParameters(SaWire.toWire(sa.parameters()))
                .setKeys(SaWire.toWire(sa.keys()))
                .setPairName(sa.pairName())
                .build()));
        return understand(
                () -> new Added(FieldWire.saId("sa_id", answer.getSaId()), EntryWire.pair(answer.getPairId())));
    }

    /** Completes a LARVAL SA with its keys, which stay the caller's to close. */
    public SaEntry complete(SaSelector larval, SaParameters parameters, TrafficKeys keys, String pairName) {
        return update(SadbServiceUpdateRequest.newBuilder()
                .setSa(SelectorWire.toWire(larval))
                .setParameters(SaWire.toWire(parameters))
                .setKeys(SaWire.toWire(keys))
                .setPairName(pairName));
    }

    /** Gives a MATURE or DYING SA another lifetime. */
    public SaEntry changeLifetime(SaSelector sa, Lifetime lifetime) {
        return update(SadbServiceUpdateRequest.newBuilder()
                .setSa(SelectorWire.toWire(sa))
                .setLifetime(SaWire.toWire(lifetime)));
    }

    /** Installs two SAs in one step: both or none. */
    public InstalledPair installPair(NewPair pair) {
        SadbServiceInstallPairRequest.Builder request = SadbServiceInstallPairRequest.newBuilder()
                .setRequestId(FieldWire.octets(pair.requestId()))
                .setAcquireSequence(pair.tie().sequence())
                .setClaim(FieldWire.octets(pair.tie().claim()))
                .setInbound(SaWire.toWire(pair.inbound()))
                .setInboundKeys(SaWire.toWire(pair.inboundKeys()))
                .setOutbound(SaWire.toWire(pair.outbound()))
                .setOutboundKeys(SaWire.toWire(pair.outboundKeys()))
                .setSupersedes(pair.supersedes().value())
                .setUnconfirmed(pair.unconfirmed())
                .setKmpPrivate(SaWire.toWire(pair.kmpPrivate()));
        pair.role().ifPresent(role -> request.setRole(SaWire.PAIR_ROLE.toWire(role)));
        SadbServiceInstallPairResponse answer = call(stub -> stub.installPair(request.build()));
        return understand(() -> new InstalledPair(
                EntryWire.pair(answer.getPairId()),
                FieldWire.saId("inbound_sa_id", answer.getInboundSaId()),
                FieldWire.saId("outbound_sa_id", answer.getOutboundSaId()),
                EntryWire.endpoints(answer.getScopeList())));
    }

    /** Ends one SA and gives the ids of what ended. */
    public List<SaId> delete(SaSelector sa) {
        return delete(sa, false);
    }

    /** Ends one SA together with its partner, and gives the ids of what ended. */
    public List<SaId> deletePair(SaSelector sa) {
        return delete(sa, true);
    }

    /** Shows one SA. */
    public SaEntry get(SaSelector sa) {
        SadbServiceGetRequest request = SadbServiceGetRequest.newBuilder()
                .setSa(SelectorWire.toWire(sa))
                .build();
        dev.samd.v1.SaEntry answer = call(stub -> stub.get(request)).getEntry();
        return understand(() -> EntryWire.entry(answer));
    }

    /** Ends every SA that fits and gives their number; success also where there is none. */
    public long flush(SaFilter filter) {
        SadbServiceFlushRequest request =
                SadbServiceFlushRequest.newBuilder().setFilter(filter.toWire()).build();
        return call(stub -> stub.flush(request)).getCount();
    }

    /**
     * Lists SAs as they are at one revision, by id. One entry after the other: a slow reader slows the daemon's answer and
     * collects nothing.
     *
     * @param reader is given every entry, on the calling thread
     * @return the revision: a watch from here gives each later change once
     */
    public Cursor dump(SaFilter filter, Consumer<SaEntry> reader) {
        SadbServiceDumpRequest request =
                SadbServiceDumpRequest.newBuilder().setFilter(filter.toWire()).build();
        Cursor cursor = null;
        try (ServerStream<SadbServiceDumpResponse> answers =
                new ServerStream<>(connection, SadbServiceGrpc.getDumpMethod(), request)) {
            for (SadbServiceDumpResponse answer = answers.next(); answer != null; answer = answers.next()) {
                switch (answer.getItemCase()) {
                    case SNAPSHOT -> cursor = Cursor.of(answer.getSnapshot().getCursor());
                    case ENTRY -> {
                        dev.samd.v1.SaEntry entry = answer.getEntry();
                        reader.accept(understand(() -> EntryWire.entry(entry)));
                    }
                    case END -> {
                        if (cursor != null) {
                            return cursor;
                        }
                    }
                    case ITEM_NOT_SET -> throw connection.incomprehensible("with an empty item of a listing");
                }
            }
        }
        throw connection.incomprehensible("with a listing that has no beginning or no end");
    }

    private ReservedSpi getSpi(SadbServiceGetSpiRequest.Builder request) {
        SadbServiceGetSpiResponse answer = call(stub -> stub.getSpi(request.build()));
        return understand(() ->
                new ReservedSpi(FieldWire.saId("sa_id", answer.getSaId()), FieldWire.spi("spi", answer.getSpi())));
    }

    private SaEntry update(SadbServiceUpdateRequest.Builder request) {
        SadbServiceUpdateResponse answer = call(stub -> stub.update(request.build()));
        return understand(() -> EntryWire.entry(answer.getEntry()));
    }

    private List<SaId> delete(SaSelector sa, boolean pair) {
        SadbServiceDeleteRequest request = SadbServiceDeleteRequest.newBuilder()
                .setSa(SelectorWire.toWire(sa))
                .setPair(pair)
                .build();
        List<Long> ids = call(stub -> stub.delete(request)).getSaIdsList();
        return understand(() -> EntryWire.ids(ids));
    }

    private <T> T call(Function<SadbServiceBlockingStub, T> call) {
        return connection.call(SadbServiceGrpc::newBlockingStub, call);
    }

    private <T> T understand(Supplier<T> reading) {
        return connection.understand(reading);
    }
}
