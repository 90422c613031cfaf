// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.util.Objects;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.elements.EndpointContext;

/**
 * Carries what happens to a protected message on the hop over to its original. It observes the protected message, and
 * through it the lower exchange finds its twin: no table, and nothing to forget.
 */
abstract class HopLink extends MessageObserverAdapter {
    private final TwinExchange twin;
    private final Message inner;
    private final Message outer;

    private HopLink(TwinExchange twin, Message inner, Message outer) {
        super(true);
        this.twin = twin;
        this.inner = inner;
        this.outer = outer;
    }

    /** The exchange above. */
    final TwinExchange twin() {
        return twin;
    }

    @Override
    public void onReadyToSend() {
        if (inner.getType() == null) {
            inner.setType(outer.getType());
        }
        if (!Objects.equals(inner.getToken(), outer.getToken())) {
            inner.setToken(outer.getToken());
        }
        if (inner.getMID() != outer.getMID()) {
            inner.setMID(outer.getMID());
        }
        inner.setReadyToSend();
    }

    @Override
    public void onSent(boolean retransmission) {
        inner.setSent(true);
    }

    @Override
    public void onRetransmission() {
        inner.retransmitting();
    }

    @Override
    public void onAcknowledgement() {
        inner.acknowledge();
    }

    @Override
    public void onReject() {
        inner.setRejected(true);
    }

    @Override
    public void onCancel() {
        if (!inner.isCanceled()) {
            inner.cancel();
        }
    }

    @Override
    public void onConnecting() {
        inner.onConnecting();
    }

    @Override
    public void onDtlsRetransmission(int flight) {
        inner.onDtlsRetransmission(flight);
    }

    @Override
    public void onContextEstablished(EndpointContext endpointContext) {
        inner.onContextEstablished(endpointContext);
    }

    /** Of a request of this endpoint. */
    static final class OfRequest extends HopLink {
        private final Awaited awaited;
        private final Request outer;

        OfRequest(Awaited awaited, Request outer) {
            super(awaited.twin(), awaited.inner(), outer);
            this.awaited = awaited;
            this.outer = outer;
        }

        /** What the request waits for. */
        Awaited awaited() {
            return awaited;
        }

        @Override
        public void onTimeout() {
            awaited.twin().setTimedOut(awaited.inner());
        }

        @Override
        public void onSendError(Throwable error) {
            awaited.fail(error);
        }

        /**
         * Goes on as if the answer had been lost: reliability has taken it for the end of the transmission, and starts its
         * timer again with the next notice of a sent message.
         */
        void listenOn() {
            if (outer.isConfirmable() && !awaited.twin().isComplete()) {
                outer.setAcknowledged(false);
                outer.setSent(true);
            }
        }
    }

    /** Of a response of this endpoint. */
    static final class OfResponse extends HopLink {
        private final Response inner;

        OfResponse(TwinExchange twin, Response inner, Response outer) {
            super(twin, inner, outer);
            this.inner = inner;
            inner.addMessageObserver(new MessageObserverAdapter(true) {
                @Override
                public void onCancel() {
                    if (!outer.isCanceled()) {
                        outer.cancel();
                    }
                }
            });
        }

        @Override
        public void onTimeout() {
            inner.setTimedOut(true);
        }

        @Override
        public void onSendError(Throwable error) {
            inner.setSendError(error);
        }

        /** The lower stack sees no blocks: for it every message is the last. */
        @Override
        public void onTransferComplete() {
            if (!inner.getOptions().hasBlock2()
                    || !inner.getOptions().getBlock2().isM()) {
                inner.onTransferComplete();
            }
        }
    }
}
