// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.Clocks;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.access.AccessCounts;
import dev.samd.daemon.access.AccessRules;
import dev.samd.daemon.access.AccessWatcher;
import dev.samd.daemon.access.CallerTable;
import dev.samd.daemon.access.HeldOctets;
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
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The services, at one door or several: Unix sockets, and TCP with TLS. All doors share the services and their threads; what is
 * offered at which door, and to whom, the first interceptor says.
 *
 * <p>Calls of RecordService compute for microseconds and never wait: they run on the event loop, since a change of threads
 * would cost more than the cryptography. Everything else runs on a small pool, whose queue is bounded by the number of
 * calls: one task per call.
 */
public final class SamdServer implements AutoCloseable {
    private static final int WORKERS = 4;
    private static final int TLS_FILES_SECONDS = 1;
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
    private final CallerTable callers = new CallerTable(HeldOctets.ofHeap());
    private final List<Server> servers = new ArrayList<>();
    private final ScheduledThreadPoolExecutor tlsWatch = new ScheduledThreadPoolExecutor(1, daemonThreads("samd-tls"));
    private int tlsPort;

    /**
     * Binds all listeners and serves.
     *
     * @param access where, and who may do what
     * @param loop the database
     * @param clocks the clocks
     * @param about what the daemon says of itself
     * @param audit where what happens is told; while it takes no operations, the daemon does not serve
     * @throws IOException if a listener cannot be bound, or its certificate cannot be used
     */
    public SamdServer(AccessSetup access, SadbLoop loop, Clocks clocks, AboutDaemon about, AuditLog audit)
            throws IOException {
        this.loop = loop;
        workers.allowCoreThreadTimeOut(true);
        AccessCounts counts = new AccessCounts(access.watcher());
        List<ServerServiceDefinition> services =
                services(access.rules(), counts, clocks, about, new AuditInterceptor(audit, workers));
        try {
            for (Listener listener : access.listeners()) {
                CallerFilter filter =
                        new CallerFilter(access.rules(), callers, listener.door(), counts, clocks.nanos());
                NettyServerBuilder builder = bind(listener, counts, clocks)
                        .bossEventLoopGroup(acceptor)
                        .workerEventLoopGroup(eventLoops)
                        .maxInboundMessageSize(ServiceLimits.TRANSPORT)
                        .maxConcurrentCallsPerConnection(ServiceLimits.CALLS_PER_CONNECTION)
                        .addTransportFilter(filter)
                        .directExecutor()
                        .callExecutor(new RecordsOnTheEventLoop(workers));
                services.forEach(builder::addService);
                Server server = builder.build();
                servers.add(server);
                server.start();
                if (listener instanceof Listener.Tls) {
                    tlsPort = server.getPort();
                }
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        audit.watch(accepts -> health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                accepts ? ServingStatus.SERVING : ServingStatus.NOT_SERVING));
    }

    private NettyServerBuilder bind(Listener listener, AccessWatcher watcher, Clocks clocks) throws IOException {
        ConnectionBound bound = new ConnectionBound(ServiceLimits.CONNECTIONS);
        if (listener instanceof Listener.Unix unix) {
            return NettyServerBuilder.forAddress(
                            new DomainSocketAddress(unix.path().toFile()),
                            InternalNettyServerCredentials.create(new PeerCredentialsNegotiator(bound)))
                    .channelType(EpollServerDomainSocketChannel.class);
        }
        TlsListen where = ((Listener.Tls) listener).where();
        TlsNegotiator tls = new TlsNegotiator(new TlsFiles(where, watcher), bound, watcher, clocks.nanos());
        var unused = tlsWatch.scheduleWithFixedDelay(tls::look, TLS_FILES_SECONDS, TLS_FILES_SECONDS, TimeUnit.SECONDS);
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(where.host(), where.port()), InternalNettyServerCredentials.create(tls))
                .channelType(EpollServerSocketChannel.class);
    }

    /** The TCP port of the TLS listener; 0 if there is none. */
    public int tlsPort() {
        return tlsPort;
    }

    private List<ServerServiceDefinition> services(
            AccessRules rules, AccessCounts counts, Clocks clocks, AboutDaemon about, AuditInterceptor audited) {
        OperationInterceptor operations = new OperationInterceptor(feed, clocks);
        AccessInterceptor access = new AccessInterceptor(clocks.nanos());
        List<ServerServiceDefinition> services = new ArrayList<>();
        for (BindableService service : List.of(
                new SadbService(loop, clocks, workers),
                new WatchService(loop.events(), clocks, drain, workers, feed),
                new KmpService(loop, clocks, drain, workers),
                new PolicyService(loop),
                new AdminService(loop, clocks, about, rules, counts),
                new RecordService(new RecordCalls(loop, clocks, workers), drain, clocks),
                health.getHealthService(),
                ProtoReflectionServiceV1.newInstance())) {
            services.add(guarded(service, access, audited, operations));
        }
        return services;
    }

    private ServerServiceDefinition guarded(
            BindableService service,
            AccessInterceptor access,
            AuditInterceptor audited,
            OperationInterceptor operations) {
        // The last of the list is the first to see a call.
        return ServerInterceptors.intercept(
                TolerantService.of(service.bindService()), access, new ErrorMapping(), audited, operations, drain);
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
        servers.forEach(Server::shutdownNow);
        try {
            for (Server server : servers) {
                server.awaitTermination(2, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tlsWatch.shutdownNow();
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
