// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceInfoResponse;
import dev.samd.v1.Refusal;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorWireTest {
    @ParameterizedTest
    @EnumSource(SaError.class)
    void everyErrorReachesTheClientAsItself(SaError error) throws IOException {
        SaException thrown = new SaException(error, "3f1a07c2", "SPI 3f1a07c2 is the matter");
        Server server = InProcessServerBuilder.forName(error.name())
                .directExecutor()
                .addService(new AdminServiceGrpc.AdminServiceImplBase() {
                    @Override
                    public void info(
                            AdminServiceInfoRequest request, StreamObserver<AdminServiceInfoResponse> observer) {
                        observer.onError(ErrorWire.toStatus(thrown));
                    }
                })
                .build()
                .start();
        ManagedChannel channel =
                InProcessChannelBuilder.forName(error.name()).directExecutor().build();

        StatusRuntimeException received =
                catchThrowableOfType(StatusRuntimeException.class, () -> AdminServiceGrpc.newBlockingStub(channel)
                        .info(AdminServiceInfoRequest.getDefaultInstance()));
        channel.shutdownNow();
        server.shutdownNow();

        assertThat(received.getStatus().getCode()).isEqualTo(ErrorWire.codeOf(error));
        assertThat(ErrorWire.fromStatus(received)).hasValueSatisfying(same -> {
            assertThat(same.error()).isEqualTo(error);
            assertThat(same.subject()).isEqualTo("3f1a07c2");
            assertThat(same).hasMessage("SPI 3f1a07c2 is the matter");
        });
    }

    @ParameterizedTest
    @EnumSource(SaError.class)
    void refusalOfAStreamItemSaysAll(SaError error) {
        Refusal refusal = ErrorWire.toRefusal(new SaException(error, "value", "message"));

        assertThat(refusal.getReason().name()).isEqualTo(error.name());
        assertThat(refusal.getErrno()).isEqualTo(error.errno());
        assertThat(refusal.getRetryable()).isEqualTo(error.retryable());
        assertThat(ErrorWire.fromRefusal(refusal))
                .hasValueSatisfying(same -> assertThat(same.error()).isEqualTo(error));
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_KEY, INVALID_ARGUMENT",
        "NOT_PROTECTABLE, INVALID_ARGUMENT",
        "NO_SUCH_SA, NOT_FOUND",
        "NO_SA_FOR_REPLY, NOT_FOUND",
        "KEY_REUSED, ALREADY_EXISTS",
        "NO_USABLE_SA, FAILED_PRECONDITION",
        "SEQ_EXHAUSTED, FAILED_PRECONDITION",
        "TOO_MANY, RESOURCE_EXHAUSTED",
        "OVER_QUOTA, RESOURCE_EXHAUSTED",
        "NOT_PERMITTED, PERMISSION_DENIED",
        "SHUTTING_DOWN, UNAVAILABLE",
        "TIMED_OUT, DEADLINE_EXCEEDED"
    })
    void tableOfStatuses(SaError error, Code code) {
        assertThat(ErrorWire.codeOf(error)).isEqualTo(code);
    }

    @Test
    void whenToTryAgainIsSaidTwice() throws IOException {
        SaException over = new SaException(SaError.OVER_QUOTA, "calls_per_second", "quota of uid:1", 1_250);

        StatusRuntimeException status = ErrorWire.toStatus(over);

        assertThat(ErrorWire.fromStatus(status).orElseThrow().retryAfterMillis())
                .isEqualTo(1_250);
        RetryInfo info = StatusProto.fromThrowable(status).getDetails(1).unpack(RetryInfo.class);
        assertThat(info.getRetryDelay().getSeconds()).isEqualTo(1);
        assertThat(info.getRetryDelay().getNanos()).isEqualTo(250_000_000);
    }

    @Test
    void statusOfTheTransportIsNoRefusal() {
        assertThat(ErrorWire.fromStatus(io.grpc.Status.UNAVAILABLE.asRuntimeException()))
                .isEmpty();
        assertThat(ErrorWire.fromStatus(new IOException("broken pipe"))).isEmpty();
    }

    @Test
    void unknownReasonIsNotGuessed() {
        Refusal newer = Refusal.newBuilder().setReasonValue(4711).build();

        assertThat(ErrorWire.fromRefusal(newer)).isEmpty();
        assertThat(ErrorWire.refusalOf(statusWith(Any.pack(newer)))).contains(newer);
    }

    @Test
    void unreadableDetailCountsAsTransport() {
        Any broken = Any.newBuilder()
                .setTypeUrl("type.googleapis.com/samd.v1.Refusal")
                .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff}))
                .build();

        assertThat(ErrorWire.refusalOf(statusWith(broken))).isEmpty();
    }

    private static StatusRuntimeException statusWith(Any detail) {
        return StatusProto.toStatusRuntimeException(
                Status.newBuilder().setCode(9).addDetails(detail).build());
    }
}
