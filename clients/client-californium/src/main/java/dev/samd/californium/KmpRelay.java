// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.StringUtil;

/**
 * The way from a CoAP server to the kmpd of its host, so that peers find the resources of KMPs on the server's own port.
 * Thread-safe; one for a program.
 *
 * <p>A post is handed on as it is: payload, Content-Format, Accept, Echo and the options of KMPs, and nothing else of it. Beside them kmpd is told
 * where the post came from and, for one that came protected, the record reference, which it takes to the daemon: nobody has
 * to trust this process with what it says of a peer. Where kmpd is away, or the bounds are reached, the peer is answered 5.03
 * with Max-Age.
 */
public final class KmpRelay implements AutoCloseable {
    /** Beyond it Californium cuts a request into blocks. */
    private static final int BLOCK_OCTETS = 1_024;

    private static final int ASKED_AGAIN = 2;

    static {
        CoapConfig.register();
        UdpConfig.register();
        SystemConfig.register();
    }

    private final InetSocketAddress kmpd;
    private final Endpoint local;
    private final Supplier<String> whoAmI;
    private final RelayBounds bounds;
    private final RelayPlaces places;
    private final Set<RelayedPost> posts = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor threads =
            new ScheduledThreadPoolExecutor(1, new DaemonThreadFactory("samd-relay-"));
    private final ExecutorService asking =
            Executors.newSingleThreadExecutor(new DaemonThreadFactory("samd-relay-asking-"));
    private final AtomicLong number = new AtomicLong();
    private final CoapEndpoint endpoint;
    private String principal = "";

    /**
     * A relay to a kmpd of this host, which starts at once and ends with {@link #close}. Neither kmpd nor the daemon need run
     * yet.
     *
     * @param kmpd its UDP port, on a loopback address: it believes no other relay
     * @param local the endpoint that the server is, as in {@link SamdOptions#local}
     * @param samd the connection that the server protects its messages with, which stays the caller's to close
     * @throws IllegalArgumentException if the address is not on this host
     */
    public KmpRelay(InetSocketAddress kmpd, Endpoint local, SamdClient samd) {
        this(kmpd, local, () -> samd.admin().whoAmI().principal(), RelayBounds.DEFAULT);
    }

    KmpRelay(InetSocketAddress kmpd, Endpoint local, Supplier<String> whoAmI, RelayBounds bounds) {
        if (kmpd.isUnresolved() || !kmpd.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("kmpd at " + kmpd + ": a loopback address expected");
        }
        this.kmpd = kmpd;
        this.local = local;
        this.whoAmI = whoAmI;
        this.bounds = bounds;
        places = new RelayPlaces(bounds, System.nanoTime());
        threads.setRemoveOnCancelPolicy(true);
        endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration(bounds))
                .setInetSocketAddress(new InetSocketAddress(kmpd.getAddress(), 0))
                .build();
        endpoint.setExecutors(threads, threads);
        try {
            endpoint.start();
        } catch (IOException e) {
            threads.shutdownNow();
            asking.shutdownNow();
            throw new UncheckedIOException(e);
        }
    }

    private static Configuration configuration(RelayBounds bounds) {
        return Configuration.createStandardWithoutFile()
                .set(CoapConfig.ACK_TIMEOUT, (int) bounds.ackTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .set(CoapConfig.MAX_RETRANSMIT, ASKED_AGAIN)
                .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, bounds.bodyOctets())
                .set(CoapConfig.MAX_MESSAGE_SIZE, BLOCK_OCTETS)
                .set(CoapConfig.PREFERRED_BLOCK_SIZE, BLOCK_OCTETS);
    }

    /**
     * Gives a server a {@link KmpRelayResource} at each path, {@code /a/b}; at {@code /a/*} one for each path one segment below
     * {@code /a}, which has to be a path of its own before. For those whose first post comes in clear the
     * server's endpoint needs {@link SamdOptions#withRelay}.
     *
     * @throws IllegalArgumentException if a path is none, or the server has a resource there
     */
    public void addTo(CoapServer server, Collection<String> paths) {
        for (String path : paths) {
            if (!path.startsWith("/") || path.endsWith("/")) {
                throw new IllegalArgumentException("relay path \"" + path + "\": /a/b expected");
            }
            List<String> segments = ClearPaths.segments(path);
            if (ClearPaths.isParent(path)) {
                sessionsOf(server, segments.subList(0, segments.size() - 1), path);
                continue;
            }
            Resource parent = server.getRoot();
            for (String segment : segments.subList(0, segments.size() - 1)) {
                Resource child = parent.getChild(segment);
                if (child == null) {
                    child = new CoapResource(segment, false);
                    parent.add(child);
                }
                parent = child;
            }
            if (parent.getChild(segments.get(segments.size() - 1)) != null) {
                throw new IllegalArgumentException("relay path \"" + path + "\": the server has a resource there");
            }
            parent.add(new KmpRelayResource(path, this));
        }
    }

    /** Takes a post to a path of kmpd. Does not wait: the exchange is answered when kmpd has answered. */
    void take(String path, Exchange exchange) {
        RelayedPost post = new RelayedPost(exchange);
        InetAddress source = transport(post.request()).getPeerAddress().getAddress();
        if (post.request().getPayloadSize() > bounds.bodyOctets()) {
            post.end(new Response(ResponseCode.REQUEST_ENTITY_TOO_LARGE, true));
        } else if (places.take(source, blocks(post.request()), System.nanoTime())) {
            post.atEnd(() -> places.leave(source));
            start(path, post);
        } else {
            post.unavailable();
        }
    }

    private static void sessionsOf(CoapServer server, List<String> segments, String path) {
        Resource parent = server.getRoot();
        for (String segment : segments) {
            parent = parent == null ? null : parent.getChild(segment);
        }
        if (!(parent instanceof KmpRelayResource relay)) {
            throw new IllegalArgumentException("relay path \"" + path + "\": no relay at the path above it");
        }
        relay.takeSessions();
    }

    private static int blocks(Request request) {
        return Math.max(1, (request.getPayloadSize() + BLOCK_OCTETS - 1) / BLOCK_OCTETS);
    }

    private void start(String path, RelayedPost post) {
        posts.add(post);
        post.atEnd(() -> posts.remove(post));
        try {
            ScheduledFuture<?> deadline =
                    threads.schedule(post::unavailable, bounds.deadline().toMillis(), TimeUnit.MILLISECONDS);
            post.atEnd(() -> deadline.cancel(false));
            asking.execute(() -> send(path, post));
        } catch (RejectedExecutionException e) {
            post.unavailable(); // closed
        }
    }

    private void send(String path, RelayedPost post) {
        if (post.hasEnded()) {
            return;
        }
        try {
            Request request = handedOn(path, post);
            request.addMessageObserver(post);
            post.atEnd(() -> {
                if (request.getResponse() == null) {
                    request.cancel();
                }
            });
            request.send(endpoint);
        } catch (RuntimeException e) {
            post.unavailable(); // the daemon does not say who this process is, or this side has ended
        }
    }

    private Request handedOn(String path, RelayedPost post) {
        OptionSet posted = post.request().getOptions();
        Request request = new Request(CoAP.Code.POST);
        request.setDestinationContext(new AddressEndpointContext(kmpd));
        request.setPayload(post.request().getPayload());
        OptionSet options = request.getOptions();
        ClearPaths.segments(path).forEach(options::addUriPath);
        // Of two bodies in blocks between the same endpoints, either way, the later ends the other, unless something in
        // the
        // cache key tells them apart (RFC 7959 s2.4, s2.5). kmpd looks at the path alone.
        options.addUriQuery("post=" + number.incrementAndGet());
        request.setUriIsApplied();
        if (posted.hasContentFormat()) {
            options.setContentFormat(posted.getContentFormat());
        }
        if (posted.hasAccept()) {
            options.setAccept(posted.getAccept());
        }
        options.addOptions(posted.getOthers(StandardOptionRegistry.ECHO));
        HandedOnOptions.copy(posted, options);
        options.addOption(RelayOptions.SOURCE.create(
                StringUtil.toString(transport(post.request()).getPeerAddress())));
        if (!local.isHostWide()) {
            options.addOption(RelayOptions.LOCAL.create(local.uri()));
        }
        options.addOption(RelayOptions.PRINCIPAL.create(principal()));
        if (!post.reference().isEmpty()) {
            options.addOption(RelayOptions.REFERENCE.create(post.reference().toArray()));
        }
        return request;
    }

    private static EndpointContext transport(Request request) {
        return SamdEndpointContext.transportOf(request.getSourceContext());
    }

    /** On the one thread that may wait for the daemon; it waits until it has had its answer once. */
    private String principal() {
        if (principal.isEmpty()) {
            principal = whoAmI.get();
        }
        return principal;
    }

    /** How many posts wait for kmpd. */
    int size() {
        return posts.size();
    }

    /** Answers the posts under way with 5.03, and every later one. */
    @Override
    public void close() {
        asking.shutdownNow();
        posts.forEach(RelayedPost::unavailable);
        endpoint.destroy();
        threads.shutdownNow();
        posts.forEach(RelayedPost::unavailable);
    }
}
