// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;

/** What a daemon is asked to explain. */
public sealed interface ExplainRequest {
    /**
     * A request that might be sent.
     *
     * @param local the endpoint that it comes from, or {@link Endpoint#HOST_WIDE}
     * @param target the peer
     * @param method {@code GET}, also if empty
     * @param path percent-encoded; empty for the root
     */
    record Sending(Endpoint local, Endpoint target, String method, String path) implements ExplainRequest {}

    /**
     * A request in clear that might arrive.
     *
     * @param local the endpoint that it arrives at, or {@link Endpoint#HOST_WIDE}
     * @param method {@code GET}, also if empty
     * @param path percent-encoded; empty for the root
     */
    record Receiving(Endpoint local, String method, String path) implements ExplainRequest {}

    /**
     * A message that was captured.
     *
     * @param coap one message as on UDP
     * @param local the endpoint that it arrived at, or {@link Endpoint#HOST_WIDE}
     * @param peer for records without connection ID: the peer; else {@link Endpoint#HOST_WIDE}
     */
    record Captured(Octets coap, Endpoint local, Endpoint peer) implements ExplainRequest {
        /** Never shows the message. */
        @Override
        public String toString() {
            return "Captured[" + coap.length() + " octets, local=" + local + ", peer=" + peer + "]";
        }
    }
}
