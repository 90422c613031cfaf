// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.Clocks;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.observe.AuditLog;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The services on one Unix socket.
 *
 * <p>Calls of RecordService compute for microseconds and never wait: they run on the event loop, since a change of threads
 * would cost more than the cryptography. Everything else runs on a small pool, whose queue is bounded by the number of
 * calls: one task per call.
 */
public final class SamdServer implements AutoCloseable {
    private static final int WORKERS = 4;
    private static final String RECORD_SERVICE = "samd.v1.RecordService/";

    private final Drain drain = new Drain();
    private final OperationFeed feed = new OperationFeed();
    private final HealthStatusManager health = new HealthStatusManager();
    private final EventLoopGroup acceptor =
            new MultiThreadIoEventLoopGroup(1, daemonThreads("samd-accept"), EpollIoHandler.newFactory());
    private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(), daemonThreads("samd-io"), EpollIoHandler.newFactory());
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            WORKERS, WORKERS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemonThreads("samd-call"));
    private final SadbLoop loop;
    private final Server server;

    /**
     * Binds the socket and serves.
     *
     * @param socket where
     * @param loop the database
     * @param clocks the clocks
     * @param about what the daemon says of itself
     * @param audit where what happens is told; while it takes no operations, the daemon does not serve
     * @throws IOException if the socket cannot be bound
     */
    public SamdServer(Path socket, SadbLoop loop, Clocks clocks, AboutDaemon about, AuditLog audit) throws IOException {
        this.loop = loop;
        workers.allowCoreThreadTimeOut(true);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new DomainSocketAddress(socket.toFile()),
                        InternalNettyServerCredentials.create(new PeerCredentialsNegotiator(ServiceLimits.CONNECTIONS)))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(eventLoops)
                .maxInboundMessageSize(ServiceLimits.TRANSPORT)
                .maxConcurrentCallsPerConnection(ServiceLimits.CALLS_PER_CONNECTION)
                .directExecutor()
                .callExecutor(new RecordsOnTheEventLoop(workers));
        OperationInterceptor operations = new OperationInterceptor(feed, clocks);
        AuditInterceptor audited = new AuditInterceptor(audit, workers);
        for (BindableService service : List.of(
                new SadbService(loop, clocks),
                new WatchService(loop.events(), clocks, drain, workers, feed),
                new KmpService(loop, clocks, drain, workers),
                new PolicyService(loop),
                new AdminService(loop, clocks, about),
                new RecordService(new RecordCalls(loop, clocks, workers), drain),
                health.getHealthService(),
                ProtoReflectionServiceV1.newInstance())) {
            builder.addService(guarded(service, audited, operations));
        }
        server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            close();
            throw e;
        }
        audit.watch(accepts -> health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                accepts ? ServingStatus.SERVING : ServingStatus.NOT_SERVING));
    }

    private ServerServiceDefinition guarded(
            BindableService service, AuditInterceptor audited, OperationInterceptor operations) {
        // The last of the list is the first to see a call.
        return ServerInterceptors.intercept(
                TolerantService.of(service.bindService()),
                new CallerInterceptor(),
                new ErrorMapping(),
                audited,
                operations,
                drain);
    }

    private static DefaultThreadFactory daemonThreads(String name) {
        return new DefaultThreadFactory(name, true);
    }

    /**
     * Stops: new calls are refused, streams are completed, calls under way may end, and then the socket is closed.
     *
     * @param patience how long calls under way are waited for
     * @return whether all of them ended
     */
    public boolean stop(Duration patience) {
        health.enterTerminalState();
        // Before the streams of KMPs end: who waits is to hear that the daemon stops, not that its KMP is gone.
        loop.refuseWaiters();
        drain.begin();
        boolean ended = drain.await(patience);
        close();
        return ended;
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
        acceptor.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class RecordsOnTheEventLoop implements ServerCallExecutorSupplier {
        private final Executor others;

        RecordsOnTheEventLoop(Executor others) {
            this.others = others;
        }

        @Override
        public <Q, R> @Nullable Executor getExecutor(ServerCall<Q, R> call, Metadata metadata) {
            boolean record = call.getMethodDescriptor().getFullMethodName().startsWith(RECORD_SERVICE);
            return record ? null : others;
        }
    }
}
