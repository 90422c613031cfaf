// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;

import com.google.protobuf.ByteString;
import dev.samd.v1.Content;
import dev.samd.v1.Direction;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.Usage;
import io.grpc.Channel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A pair of SAs that a call is about, and the far end of it, which makes records for it. */
final class AccessTarget {
    private static final AtomicInteger NUMBERS = new AtomicInteger(0x10_0000);

    private final Channel everything;
    private final int number = NUMBERS.addAndGet(4);
    private final String spi = "%06x".formatted(number);
    final String local;
    final String peer = "coap://p" + number + ".test";
    final boolean raw;
    final long pair;
    final long inbound;
    final long outbound;

    /**
     * @param everything a caller who may do everything: installs the far end
     * @param owner installs the SAs
     * @param local their local endpoint
     * @param raw whether they carry raw records
     */
    AccessTarget(Channel everything, Channel owner, String local, boolean raw) {
        this.everything = everything;
        this.local = local;
        this.raw = raw;
        SadbServiceInstallPairResponse installed =
                SadbServiceGrpc.newBlockingStub(owner).installPair(pair(0, ""));
        pair = installed.getPairId();
        inbound = installed.getInboundSaId();
        outbound = installed.getOutboundSaId();
        SadbServiceGrpc.newBlockingStub(everything)
                .add(SadbServiceAddRequest.newBuilder()
                        .setParameters(end(Direction.DIRECTION_OUTBOUND, spi + "01", peer, local))
                        .setKeys(keys(number))
                        .build());
    }

    /** The request that installs the pair, or one that takes its place. */
    private SadbServiceInstallPairRequest pair(long supersedes, String suffix) {
        int seed = number + (suffix.isEmpty() ? 0 : 2);
        return SadbServiceInstallPairRequest.newBuilder()
                .setInbound(end(Direction.DIRECTION_INBOUND, spi + suffix + "01", local, peer))
                .setInboundKeys(keys(seed))
                .setOutbound(end(Direction.DIRECTION_OUTBOUND, spi + suffix + "02", local, peer))
                .setOutboundKeys(keys(seed + 1))
                .setSupersedes(supersedes)
                .build();
    }

    SadbServiceInstallPairRequest successor() {
        return pair(pair, "ff");
    }

    private SaParameters end(Direction direction, String name, String from, String to) {
        SaParameters.Builder parameters =
                parameters(direction, name).setLocal(from).setPeer(to);
        return (raw ? parameters.setContent(Content.CONTENT_RAW) : parameters).build();
    }

    /** A record of the peer, never used yet. */
    ByteString record() {
        RecordServiceGrpc.RecordServiceBlockingStub records = RecordServiceGrpc.newBlockingStub(everything);
        if (!raw) {
            return records.protect(BothEnds.protect(Messages.GET, peer, local, ByteString.EMPTY))
                    .getCoap();
        }
        return records.seal(RecordServiceSealRequest.newBuilder()
                        .setSa(SaSelector.newBuilder()
                                .setOutbound(SaSelector.Outbound.newBuilder()
                                        .setPeer(local)
                                        .setSpi(Messages.hex(spi + "01"))))
                        .setLocal(peer)
                        .setPlaintext(ByteString.copyFromUtf8("x"))
                        .build())
                .getRecord();
    }

    SaSelector outboundById() {
        return SaSelector.newBuilder().setSaId(outbound).build();
    }

    void delete() {
        SadbServiceGrpc.newBlockingStub(everything)
                .delete(SadbServiceDeleteRequest.newBuilder()
                        .setSa(outboundById())
                        .setPair(true)
                        .build());
    }

    /** How far both SAs are worn. */
    List<Usage> wear() {
        SadbServiceGrpc.SadbServiceBlockingStub sadb = SadbServiceGrpc.newBlockingStub(everything);
        return List.of(inbound, outbound).stream()
                .map(id -> sadb.get(SadbServiceGetRequest.newBuilder()
                                .setSa(SaSelector.newBuilder().setSaId(id))
                                .build())
                        .getEntry()
                        .getUsage())
                .toList();
    }
}
