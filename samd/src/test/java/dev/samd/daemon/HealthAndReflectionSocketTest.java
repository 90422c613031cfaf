// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every gRPC tool asks a server for. */
class HealthAndReflectionSocketTest {
    @TempDir
    Path directory;

    @Test
    void theDaemonIsHealthy() throws Exception {
        try (DaemonFixture f = new DaemonFixture(directory)) {
            assertThat(HealthGrpc.newBlockingStub(f.channel.channel())
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void nothingIsDeclaredThatIsNotServed() throws Exception {
        try (DaemonFixture f = new DaemonFixture(directory)) {
            CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
            StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(f.channel.channel())
                    .serverReflectionInfo(new StreamObserver<>() {
                        @Override
                        public void onNext(ServerReflectionResponse response) {
                            answer.complete(response);
                        }

                        @Override
                        public void onError(Throwable failure) {
                            answer.completeExceptionally(failure);
                        }

                        @Override
                        public void onCompleted() {
                            answer.completeExceptionally(new IllegalStateException("no answer"));
                        }
                    });
            requests.onNext(
                    ServerReflectionRequest.newBuilder().setListServices("").build());

            assertThat(answer.get(20, TimeUnit.SECONDS)
                            .getListServicesResponse()
                            .getServiceList())
                    .extracting(ServiceResponse::getName)
                    .containsExactlyInAnyOrder(
                            "samd.v1.SadbService",
                            "samd.v1.RecordService",
                            "samd.v1.WatchService",
                            "samd.v1.AdminService",
                            "samd.v1.PolicyService",
                            "grpc.health.v1.Health",
                            "grpc.reflection.v1.ServerReflection");
        }
    }
}
