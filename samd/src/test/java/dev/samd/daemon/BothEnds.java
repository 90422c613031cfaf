// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;

import com.google.protobuf.ByteString;
import dev.samd.v1.Content;
import dev.samd.v1.Direction;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceUnprotectRequest;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SadbServiceGrpc.SadbServiceBlockingStub;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;

/** Both ends of a pair in one daemon: the client's SAs at one local endpoint, the server's at another. */
final class BothEnds {
    static final String CLIENT = "coap://client-1";
    static final String SERVER = "coap://server-1";

    private BothEnds() {}

    /** Installs the client's pair and the server's. Their SPIs begin with {@code prefix}. */
    static SadbServiceInstallPairResponse install(DaemonFixture f, String prefix, int keySeed) {
        return install(f.sadb(), prefix, keySeed);
    }

    /** The same at a daemon of which nothing else is known. */
    static SadbServiceInstallPairResponse install(SadbServiceBlockingStub sadb, String prefix, int keySeed) {
        String toServer = prefix + "01";
        String toClient = prefix + "02";
        SadbServiceInstallPairResponse client = sadb.installPair(SadbServiceInstallPairRequest.newBuilder()
                .setOutbound(end(Direction.DIRECTION_OUTBOUND, toServer, CLIENT, SERVER))
                .setOutboundKeys(keys(keySeed))
                .setInbound(end(Direction.DIRECTION_INBOUND, toClient, CLIENT, SERVER))
                .setInboundKeys(keys(keySeed + 1))
                .build());
        sadb.installPair(SadbServiceInstallPairRequest.newBuilder()
                .setOutbound(end(Direction.DIRECTION_OUTBOUND, toClient, SERVER, CLIENT))
                .setOutboundKeys(keys(keySeed + 1))
                .setInbound(end(Direction.DIRECTION_INBOUND, toServer, SERVER, CLIENT))
                .setInboundKeys(keys(keySeed))
                .build());
        return client;
    }

    /** Two RAW SAs, out and in, and gives the id of the outbound one. */
    static long installRaw(DaemonFixture f, String spi, int keySeed) {
        long id = f.add(raw(Direction.DIRECTION_OUTBOUND, spi, CLIENT, SERVER), keys(keySeed), "")
                .getSaId();
        f.add(raw(Direction.DIRECTION_INBOUND, spi, SERVER, CLIENT), keys(keySeed), "");
        return id;
    }

    private static SaParameters raw(Direction direction, String spi, String local, String peer) {
        return end(direction, spi, local, peer).setContent(Content.CONTENT_RAW).build();
    }

    private static SaParameters.Builder end(Direction direction, String spi, String local, String peer) {
        return parameters(direction, spi).setLocal(local).setPeer(peer);
    }

    static RecordServiceProtectRequest protect(ByteString coap, String local, String target, ByteString inReplyTo) {
        return RecordServiceProtectRequest.newBuilder()
                .setCoap(coap)
                .setLocal(local)
                .setDefaultTarget(target)
                .setInReplyTo(inReplyTo)
                .build();
    }

    static RecordServiceUnprotectRequest unprotect(ByteString coap, String local, ByteString inReplyTo) {
        return RecordServiceUnprotectRequest.newBuilder()
                .setCoap(coap)
                .setLocal(local)
                .setSource("192.0.2.1:5683")
                .setInReplyTo(inReplyTo)
                .build();
    }
}
