// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.client.Opened.Sender;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Map;
import org.eclipse.californium.elements.Definition;
import org.eclipse.californium.elements.EndpointContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a message came from, seen from above the protection. Immutable.
 *
 * <p>For a request to a server the peer address is made from the SA pair, {@code [fd73:616d:6400:0:…]:5683}: behind a proxy
 * all clients share one transport address, and whatever keeps state by address (block-wise bodies, observations, programs)
 * would splice them together. {@link #transport()} is the address that the datagram came from. It says nothing about the
 * peer.
 */
public final class SamdEndpointContext implements EndpointContext {
    /** fd73:616d:6400::/64, a unique local prefix (RFC 4193) that spells "samd": never routed, never a peer's. */
    private static final long PREFIX = 0xfd73_616d_6400_0000L;

    /** Set in the low half for an SA without pair, so that its id never meets a pair's. */
    private static final long SINGLE = 1L << 63;

    private static final int PORT = 5683;

    private final EndpointContext transport;
    private final InetSocketAddress peerAddress;
    private final @Nullable SamdPrincipal principal;

    private SamdEndpointContext(
            EndpointContext transport, InetSocketAddress peerAddress, @Nullable SamdPrincipal principal) {
        this.transport = transport;
        this.peerAddress = peerAddress;
        this.principal = principal;
    }

    /** The source of a request: an SA pair, whose messages came by some transport address. */
    static SamdEndpointContext ofPair(EndpointContext transport, Sender sender) {
        return new SamdEndpointContext(
                transportOf(transport), pairAddress(sender.pair(), sender.sa()), SamdPrincipal.of(sender));
    }

    /** The source of a response: the transport address is the one that the request went to, and stays. */
    static SamdEndpointContext ofResponder(EndpointContext transport, Sender sender) {
        return new SamdEndpointContext(transportOf(transport), transport.getPeerAddress(), SamdPrincipal.of(sender));
    }

    /** The source of an unprotected response to a protected request: anybody. */
    static SamdEndpointContext unauthenticated(EndpointContext transport) {
        return new SamdEndpointContext(transportOf(transport), transport.getPeerAddress(), null);
    }

    /** The context of the hop: of a message from above the protection, or of one that never was there. */
    static EndpointContext transportOf(EndpointContext context) {
        return context instanceof SamdEndpointContext samd ? samd.transport : context;
    }

    private static InetSocketAddress pairAddress(PairId pair, SaId sa) {
        long low = pair.isNone() ? sa.value() | SINGLE : pair.value();
        byte[] octets = ByteBuffer.allocate(16).putLong(PREFIX).putLong(low).array();
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), PORT);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 octets are an IPv6 address", e);
        }
    }

    /** The context of the hop that the message came over: a proxy's, where there is one. */
    public EndpointContext transport() {
        return transport;
    }

    /** Whether the message was protected by the peer that {@link #getPeerIdentity()} names. */
    public boolean authenticated() {
        return principal != null;
    }

    /** Whether the address is made from an SA pair, and can be no destination. */
    boolean isPair() {
        return !peerAddress.equals(transport.getPeerAddress());
    }

    /** The {@link SamdPrincipal}, or null for an unprotected message. */
    @Override
    public @Nullable Principal getPeerIdentity() {
        return principal;
    }

    @Override
    public InetSocketAddress getPeerAddress() {
        return peerAddress;
    }

    @Override
    public @Nullable String getVirtualHost() {
        return transport.getVirtualHost();
    }

    @Override
    public <T> @Nullable T get(Definition<T> definition) {
        return transport.get(definition);
    }

    @Override
    public <T> @Nullable String getString(Definition<T> definition) {
        return transport.getString(definition);
    }

    @Override
    public Map<Definition<?>, Object> entries() {
        return transport.entries();
    }

    @Override
    public boolean hasCriticalEntries() {
        return transport.hasCriticalEntries();
    }

    @Override
    public String toString() {
        return "SA(" + (principal == null ? "unauthenticated" : principal.getName()) + " via " + transport + ")";
    }
}
