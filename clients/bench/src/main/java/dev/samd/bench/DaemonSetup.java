// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.sa.Direction;
import dev.samd.sa.PairId;
import dev.samd.sa.SecurityAssociation;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.wire.SaWire;
import io.grpc.Channel;

/** Gives a daemon the SAs that the load needs. */
final class DaemonSetup {
    private DaemonSetup() {}

    /** Adds the outbound SAs of {@link GrpcTarget#spec}. */
    static void install(Channel channel) {
        SadbServiceGrpc.SadbServiceBlockingStub sadb = SadbServiceGrpc.newBlockingStub(channel);
        for (int i = 0; i < GrpcTarget.SAS; i++) {
            try (SecurityAssociation sa = GrpcTarget.spec(i).end(Direction.OUTBOUND, 1, PairId.NONE)) {
                sadb.add(SadbServiceAddRequest.newBuilder()
                        .setParameters(SaWire.toWire(sa.parameters()))
                        .setKeys(SaWire.toWire(sa.keys()))
                        .build());
            }
        }
    }
}
