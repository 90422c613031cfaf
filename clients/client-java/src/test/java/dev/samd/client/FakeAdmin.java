// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import com.google.protobuf.Timestamp;
import dev.samd.v1.AdminServiceGrpc.AdminServiceImplBase;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceInfoResponse;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.v1.Cursor;
import dev.samd.v1.Suite;
import io.grpc.stub.StreamObserver;

/** A daemon that says about itself what never changes. */
public final class FakeAdmin extends AdminServiceImplBase {
    @Override
    public void info(AdminServiceInfoRequest request, StreamObserver<AdminServiceInfoResponse> observer) {
        observer.onNext(AdminServiceInfoResponse.newBuilder()
                .setVersion("0.1.0")
                .setInstance("5f3c")
                .setCursor(Cursor.newBuilder().setIncarnation(0xabc).setRevision(17))
                .setStarted(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED))
                .setStore("memory")
                .setSaCount(2)
                .addSuites(Suite.newBuilder().setCode(0xc0a8).setName("TLS_PSK_WITH_AES_128_CCM_8"))
                .addSuites(Suite.newBuilder().setCode(0x1301).setName("of a later version"))
                .setPid(4242)
                .build());
        observer.onCompleted();
    }

    @Override
    public void whoAmI(AdminServiceWhoAmIRequest request, StreamObserver<AdminServiceWhoAmIResponse> observer) {
        observer.onNext(AdminServiceWhoAmIResponse.newBuilder()
                .setPrincipal("uid:1000")
                .setUid(1000)
                .setGid(100)
                .setPid(77)
                .setTransport("unix")
                .build());
        observer.onCompleted();
    }
}
