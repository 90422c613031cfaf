// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.AccessRules;
import dev.samd.daemon.access.AccessWatcher;
import dev.samd.daemon.access.CallerTable;
import dev.samd.daemon.access.CallerUse;
import dev.samd.daemon.access.Door;
import dev.samd.daemon.access.Principal;
import dev.samd.daemon.access.Rights;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.netty.channel.unix.PeerCredentials;
import java.net.SocketAddress;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Works out once for each connection who is at its other end, and what it may do. */
final class CallerFilter extends ServerTransportFilter {
    /** Callers whom no rule is for take from one quota together, so that they are no way to fill the table. */
    private static final String STRANGERS = "";

    private final AccessRules rules;
    private final CallerTable table;
    private final Door door;
    private final AccessWatcher watcher;
    private final LongSupplier nanos;

    CallerFilter(AccessRules rules, CallerTable table, Door door, AccessWatcher watcher, LongSupplier nanos) {
        this.rules = rules;
        this.table = table;
        this.door = door;
        this.watcher = watcher;
        this.nanos = nanos;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        PeerCredentialsNegotiator.Peer peer = attributes.get(PeerCredentialsNegotiator.PEER);
        Principal principal = peer == null ? certified(attributes) : local(peer);
        Rights rights = rules.of(principal);
        String name = rights.rules().isEmpty() ? STRANGERS : principal.name();
        CallerUse use = table.connect(name, nanos.getAsLong()).orElse(null);
        if (use == null) {
            // Calls without a caller are refused.
            return attributes;
        }
        return attributes.toBuilder()
                .set(
                        Caller.ATTRIBUTE,
                        new Caller(
                                rights,
                                door,
                                use,
                                peer == null ? -1 : peer.credentials().pid(),
                                watcher,
                                nanos))
                .build();
    }

    private static Principal local(PeerCredentialsNegotiator.Peer peer) {
        PeerCredentials process = peer.credentials();
        return new Principal.Local(process.uid(), process.gids().length == 0 ? -1 : process.gids()[0], peer.groups());
    }

    private Principal certified(Attributes attributes) {
        SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        Principal principal = session == null ? new Principal.Nameless() : CertificateNames.principal(session);
        if (principal instanceof Principal.Nameless) {
            SocketAddress source = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            watcher.authenticationFailed(
                    "tls", RemoteAddress.source(source), "the certificate has neither one SPIFFE id nor a DNS name");
        }
        return principal;
    }

    @Override
    public void transportTerminated(@Nullable Attributes attributes) {
        Caller caller = attributes == null ? null : attributes.get(Caller.ATTRIBUTE);
        if (caller != null) {
            table.disconnect(caller.use());
        }
    }
}
