// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.client.Opened;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.util.ConcurrentModificationException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.elements.util.CheckedExecutor;

/**
 * The exchange that the stack above the protection sees. Confined, like its lower twin, to that twin's executor.
 *
 * <p>The lower exchange, of the matcher and of reliability, speaks of protected messages and of the transport address of the
 * hop. This one speaks of original messages, and its peer is an SA pair (on a server) or the target (on a client). Block-wise
 * state is kept by peer, so that bodies of different peers never meet, however many of them one proxy speaks for. What
 * completes this exchange completes the lower one; the converse does not hold.
 */
final class TwinExchange extends Exchange {
    private final Exchange lower;
    private final Octets reference;
    private volatile Runnable leave = () -> {};

    private TwinExchange(Exchange lower, Request inner, Object peer, Octets reference) {
        super(
                inner,
                peer,
                lower.getOrigin(),
                new LowerExecutor(lower),
                lower.getEndpointContext(),
                lower.isNotification());
        this.lower = lower;
        this.reference = reference;
        setEndpoint(lower.getEndpoint());
    }

    /** For a request that this endpoint sends. */
    static TwinExchange outgoing(Exchange lower, Request inner) {
        String target = MessageConverter.namedTarget(inner.getOptions());
        return new TwinExchange(lower, inner, new Target(lower.getPeersIdentity(), target), Octets.EMPTY);
    }

    /** For a request that an SA pair sent. */
    static TwinExchange incoming(Exchange lower, Request inner, Opened opened) {
        PairId pair = opened.sender().pair();
        String name = pair.isNone() ? "sa " + opened.sender().sa() : "pair " + pair;
        return new TwinExchange(lower, inner, new Pair(name), opened.reference());
    }

    /** The exchange of the matcher. */
    Exchange lower() {
        return lower;
    }

    /** The reference that unprotecting the request gave; empty for a request of this endpoint. */
    Octets reference() {
        return reference;
    }

    /** The message of the exchange waits for the daemon; when the exchange is over, it need not any more. */
    void waits(Runnable giveUp) {
        leave = giveUp;
        if (isComplete()) {
            giveUp.run();
        }
    }

    @Override
    public boolean setComplete() {
        boolean done = super.setComplete();
        leave.run();
        lower.executeComplete();
        return done;
    }

    /** The lower twin keeps the Message IDs of notifications, for the RST that ends them, and needs the relation for it. */
    @Override
    public void setRelation(ObserveRelation relation) {
        super.setRelation(relation);
        lower.setRelation(relation);
    }

    private record Pair(String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    private record Target(Object hop, String named) {}

    /** One serial executor for both twins: neither ever runs beside the other. */
    private record LowerExecutor(Exchange lower) implements CheckedExecutor {
        @Override
        public void execute(Runnable command) {
            lower.execute(command);
        }

        @Override
        public boolean checkOwner() {
            return lower.checkOwner();
        }

        @Override
        public void assertOwner() {
            if (!lower.checkOwner()) {
                throw new ConcurrentModificationException(lower + " is not owned by " + Thread.currentThread());
            }
        }
    }
}
