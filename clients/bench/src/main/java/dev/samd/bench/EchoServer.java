// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server that gives back what it gets: what the transport costs without the work. It stands on the same kind of socket
 * and of event loop as the daemon, and answers on the event loop as its RecordService does.
 */
public final class EchoServer implements AutoCloseable {
    private final EventLoopGroup acceptor = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoopGroup eventLoops =
            new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
    private final Server server;

    /**
     * Serves.
     *
     * @throws IOException if the socket cannot be bound
     */
    EchoServer(Path socket) throws IOException {
        GrpcTarget methods = GrpcTarget.echo();
        server = NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(eventLoops)
                .directExecutor()
                .addService(ServerServiceDefinition.builder("samd.bench.Echo")
                        .addMethod(methods.unary(), ServerCalls.asyncUnaryCall(EchoServer::echo))
                        .addMethod(methods.stream(), ServerCalls.asyncBidiStreamingCall(Echo::new))
                        .build())
                .build();
        server.start();
    }

    private static void echo(byte[] request, StreamObserver<byte[]> answers) {
        answers.onNext(request);
        answers.onCompleted();
    }

    /**
     * Serves until the process is ended.
     *
     * @param arguments the path of the socket
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (EchoServer echo = new EchoServer(Path.of(arguments[0]))) {
            System.out.println("echo ready socket=" + arguments[0]);
            echo.server.awaitTermination();
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        acceptor.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private record Echo(StreamObserver<byte[]> answers) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] message) {
            answers.onNext(message);
        }

        @Override
        public void onError(Throwable broken) {
            // The client is gone, and so is the stream.
        }

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }
}
