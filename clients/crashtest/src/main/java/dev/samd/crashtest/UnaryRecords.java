// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import com.google.protobuf.ByteString;
import dev.samd.client.SaSelector;
import dev.samd.sa.Octets;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceOpenRequest;
import dev.samd.v1.RecordServiceOpenResponse;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.wire.ErrorWire;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The data path as programs in other languages use it: one call for each record. Thread-safe; every method waits, and throws
 * what the daemon refuses with, or {@link NoAnswerException}.
 */
final class UnaryRecords implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final String REASON_PREFIX = "DISCARD_REASON_";

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("unary", true), EpollIoHandler.newFactory());
    private final ManagedChannel channel;

    UnaryRecords(Path socket) {
        this.channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .eventLoopGroup(group)
                .channelType(EpollDomainSocketChannel.class)
                // Null takes the option out again: gRPC sets it on every channel, and a Unix socket has none to set.
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                .overrideAuthority("localhost")
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .build();
    }

    /** Seals octets as one record. */
    ByteString seal(SaSelector.Outbound sa, ByteString plaintext) {
        RecordServiceSealRequest.Builder request =
                RecordServiceSealRequest.newBuilder().setPlaintext(plaintext);
        request.getSaBuilder()
                .getOutboundBuilder()
                .setPeer(sa.peer().uri())
                .setSpi(ByteString.copyFrom(sa.spi().octets().toArray()));
        return call(stub -> stub.seal(request.build())).getRecord();
    }

    /** Opens one record, and says whether it was released or why not. */
    String open(Octets record, String source) {
        RecordServiceOpenResponse answer = call(stub -> stub.open(RecordServiceOpenRequest.newBuilder()
                .setRecord(ByteString.copyFrom(record.toArray()))
                .setSource(source)
                .build()));
        return answer.hasOpened()
                ? Delivery.RELEASED
                : answer.getDiscarded().getReason().name().substring(REASON_PREFIX.length());
    }

    private <T> T call(Function<RecordServiceGrpc.RecordServiceBlockingStub, T> call) {
        try {
            return call.apply(stub());
        } catch (StatusRuntimeException e) {
            throw ErrorWire.fromStatus(e)
                    .<RuntimeException>map(refusal -> refusal)
                    .orElseGet(() -> new NoAnswerException(e));
        }
    }

    private RecordServiceGrpc.RecordServiceBlockingStub stub() {
        // The daemon may be there again: nobody waits for longer than for the next call. (Idle, as SamdClient makes its
        // channel,
        // this one must not become: it has many threads, and gRPC starts no call while another one does that.)
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
        return RecordServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
