// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.Refusal;
import dev.samd.wire.ErrorWire;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractBlockingStub;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** The channel to one daemon and the one thread that serves it. Thread-safe. */
final class Connection implements AutoCloseable {
    /** A path in sockaddr_un has 108 octets, the last of them zero. */
    private static final int MAX_SOCKET_PATH = 107;

    private static final int MAX_MESSAGE = 4 << 20;

    /** Few calls wait inside the daemon; another one that takes longer does not come back. */
    private static final Duration CALL_TIME = Duration.ofSeconds(30);

    private final String address;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final ManagedChannel channel;

    private Connection(String address, EventLoopGroup group, NettyChannelBuilder builder) {
        this.address = address;
        this.group = group;
        this.loop = group.next();
        this.channel = builder.eventLoopGroup(group)
                .directExecutor()
                .disableRetry()
                .intercept(new StartedAnew())
                .maxInboundMessageSize(MAX_MESSAGE)
                .build();
    }

    static Connection open(Path socket) {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_SOCKET_PATH) {
            throw new SamdUnavailableException(
                    socket.toString(),
                    "cannot be: a socket's path has 1.." + MAX_SOCKET_PATH + " octets, and this one " + length,
                    null);
        }
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollDomainSocketChannel.class)
                // Null takes the option out again: gRPC sets it on every channel, and a Unix socket has none to set.
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                // A Unix socket has no host to name.
                .overrideAuthority("localhost")
                .usePlaintext();
        return open(socket.toString(), builder);
    }

    static Connection open(TlsAddress daemon) {
        SslContext tls;
        try {
            SslContextBuilder client = SslContextBuilder.forClient()
                    .keyManager(daemon.certificate().toFile(), daemon.key().toFile())
                    .trustManager(daemon.ca().toFile());
            tls = GrpcSslContexts.configure(client, SslProvider.JDK).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new SamdUnavailableException(
                    daemon.toString(),
                    "cannot be reached: certificate " + daemon.certificate() + ", key " + daemon.key() + " and ca "
                            + daemon.ca() + " make no TLS client: " + text(e),
                    e);
        }
        return open(
                daemon.toString(),
                NettyChannelBuilder.forAddress(daemon.host(), daemon.port())
                        .channelType(EpollSocketChannel.class)
                        .sslContext(tls));
    }

    private static Connection open(String address, NettyChannelBuilder builder) {
        if (!Epoll.isAvailable()) {
            throw new SamdUnavailableException(
                    address, "needs the epoll transport, which is not available here", Epoll.unavailabilityCause());
        }
        return new Connection(
                address,
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("samd-client", true), EpollIoHandler.newFactory()),
                builder);
    }

    private static String text(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Where the daemon is: the path of its socket, or host and port. */
    String address() {
        return address;
    }

    /** The thread on which the channel works and the record stream is confined. */
    EventLoop loop() {
        return loop;
    }

    /** The channel, ready to try again: an earlier failure to connect does not make this call fail without a trial. */
    ManagedChannel channel() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.enterIdle();
        }
        return channel;
    }

    /**
     * Makes one call and waits for its answer.
     *
     * @throws IllegalStateException on the thread of {@link #loop}, which would wait for itself
     */
    <S extends AbstractBlockingStub<S>, T> T call(Function<ManagedChannel, S> stub, Function<S, T> call) {
        return call(stub, CALL_TIME, call);
    }

    /**
     * The same for a call that may take longer than most.
     *
     * @param time that it may take
     */
    <S extends AbstractBlockingStub<S>, T> T call(
            Function<ManagedChannel, S> stub, Duration time, Function<S, T> call) {
        requireMayBlock();
        S bounded = stub.apply(channel()).withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return call.apply(bounded);
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    void requireMayBlock() {
        if (loop.inEventLoop()) {
            throw new IllegalStateException(
                    "a call that waits, made inside the completion of another one: use the …Async form to go on with");
        }
    }

    /** What the caller is told about a failure of the transport or a status of the daemon. */
    RuntimeException failure(Throwable failure) {
        Optional<SaException> refused = ErrorWire.fromStatus(failure);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (failure instanceof SaException || failure instanceof SamdUnavailableException) {
            return (RuntimeException) failure;
        }
        Status status = Status.fromThrowable(failure);
        Optional<Refusal> unknown = ErrorWire.refusalOf(failure);
        if (unknown.isPresent()) {
            return new SamdUnavailableException(
                    address,
                    "refuses for a reason that this client does not know: "
                            + unknown.get().getMessage(),
                    failure);
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED ->
                new SaException(SaError.TIMED_OUT, address, "samd at " + address + " did not answer in time");
            case UNAVAILABLE -> new SamdUnavailableException(address, "cannot be reached: " + reason(status), failure);
            default ->
                new SamdUnavailableException(address, "answers " + status.getCode() + ": " + reason(status), failure);
        };
    }

    /** Reads an answer: what the daemon sends and this client cannot read is no refusal of the caller's request. */
    <T> T understand(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (SaException e) {
            throw new SamdUnavailableException(address, "answers what this client does not know: " + e.getMessage(), e);
        }
    }

    /** A daemon of another version, or something else behind the socket. */
    SamdUnavailableException incomprehensible(String what) {
        return new SamdUnavailableException(address, "answers " + what, null);
    }

    private static String reason(Status status) {
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Netty gives this one without a word.
        if (cause instanceof FileNotFoundException) {
            return "no socket is there";
        }
        if (cause != null && cause.getMessage() != null) {
            return cause.getMessage();
        }
        return status.getDescription() == null ? "no reason given" : status.getDescription();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        Future<?> end = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        if (!loop.inEventLoop()) {
            // So that nothing of this client runs any more when its owner goes on.
            end.awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }
}
