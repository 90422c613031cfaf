// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.samd.sa.SaError;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.WatchServiceGrpc;
import dev.samd.wire.ErrorWire;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Messages that are none: each gets a reason, nothing is logged, and the daemon goes on. */
class GarbageSocketTest {
    private static final byte[] NO_MESSAGE = {(byte) 0xff, (byte) 0xff, (byte) 0xff};

    @TempDir
    Path directory;

    private final Logger root = (Logger) LoggerFactory.getLogger("dev.samd");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private DaemonFixture f;
    private volatile Metadata trailers = new Metadata();

    @BeforeEach
    void start() throws Exception {
        f = new DaemonFixture(directory);
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void stop() {
        root.detachAppender(logged);
        f.close();
    }

    static Stream<MethodDescriptor<?, ?>> methods() {
        return Stream.of(
                        SadbServiceGrpc.getServiceDescriptor(),
                        WatchServiceGrpc.getServiceDescriptor(),
                        RecordServiceGrpc.getServiceDescriptor())
                .flatMap(service -> service.getMethods().stream());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void octetsThatAreNoMessageAreMalformed(MethodDescriptor<?, ?> method) throws Exception {
        assertRefused(SaError.MALFORMED, send(method, NO_MESSAGE));
        assertUnharmed();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void anEmptyMessageIsAnsweredWithAReasonOrServed(MethodDescriptor<?, ?> method) throws Exception {
        Status status = send(method, new byte[0]);

        if (!status.isOk()) {
            boolean stopped = status.getCode() == Status.Code.CANCELLED;
            assertThat(stopped
                            || ErrorWire.fromStatus(status.asRuntimeException(trailers))
                                    .isPresent())
                    .as(status.toString())
                    .isTrue();
        }
        assertUnharmed();
    }

    @Test
    void aCallWithoutAMessageIsMalformed() throws Exception {
        assertRefused(SaError.MALFORMED, send(SadbServiceGrpc.getGetMethod()));
        assertUnharmed();
    }

    @Test
    void aSecondMessageInACallOfOneEndsTheCallAlone() throws Exception {
        Status status = send(SadbServiceGrpc.getGetMethod(), new byte[0], new byte[0]);

        assertThat(status.getCode()).isEqualTo(Status.Code.CANCELLED);
        assertUnharmed();
    }

    @Test
    void aMessageAboveOurBoundIsTooLarge() throws Exception {
        assertRefused(SaError.TOO_LARGE, send(RecordServiceGrpc.getProtectMethod(), new byte[2 << 20]));
        assertUnharmed();
    }

    @Test
    void aMessageAboveTheBoundOfTheTransportEndsItsCallAlone() throws Exception {
        Status status = send(RecordServiceGrpc.getProtectMethod(), new byte[5 << 20]);

        assertThat(status.getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        assertUnharmed();
    }

    @Test
    void randomOctetsNeverEndInInternalOrUnknown() throws Exception {
        Random random = new Random(20261124);
        for (int i = 0; i < 300; i++) {
            MethodDescriptor<?, ?> method = methods()
                    .skip(random.nextInt((int) methods().count()))
                    .findFirst()
                    .orElseThrow();
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);

            Status status = send(method, octets);

            assertThat(status.getCode())
                    .as("%s %s", method.getFullMethodName(), status)
                    .isNotIn(Status.Code.INTERNAL, Status.Code.UNKNOWN);
        }
        assertUnharmed();
    }

    private void assertRefused(SaError error, Status status) {
        StatusRuntimeException failure = status.asRuntimeException(trailers);
        assertThat(ErrorWire.fromStatus(failure)).as(status.toString()).isPresent();
        assertThat(ErrorWire.fromStatus(failure).orElseThrow().error()).isEqualTo(error);
    }

    private void assertUnharmed() {
        assertThat(f.admin().info(AdminServiceInfoRequest.getDefaultInstance()).getSaCount())
                .isZero();
        assertThat(logged.list).isEmpty();
    }

    /** Sends octets as messages; a stream that would go on is cancelled when its first answer is there. */
    private Status send(MethodDescriptor<?, ?> method, byte[]... messages) throws Exception {
        MethodDescriptor<byte[], byte[]> raw =
                method.toBuilder(new Octets(), new Octets()).build();
        ClientCall<byte[], byte[]> call = f.channel.channel().newCall(raw, CallOptions.DEFAULT);
        CompletableFuture<Status> closed = new CompletableFuture<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                        if (!method.getType().serverSendsOneMessage()) {
                            call.cancel("seen enough", null);
                        }
                    }

                    @Override
                    public void onClose(Status status, Metadata received) {
                        trailers = received;
                        closed.complete(status);
                    }
                },
                new Metadata());
        call.request(Integer.MAX_VALUE);
        for (byte[] message : messages) {
            call.sendMessage(message);
        }
        call.halfClose();
        return closed.get(20, TimeUnit.SECONDS);
    }

    /** Messages that are octets. */
    private static final class Octets implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
