// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;

/**
 * One record to open under a RAW SA.
 *
 * @param octets the record; not kept, not changed
 * @param local the endpoint it arrived at, or {@link Endpoint#HOST_WIDE}
 * @param source the transport address it came from
 * @param peer for records without connection ID: whom they come from; else {@link Endpoint#HOST_WIDE}
 * @param rights what the local caller may use
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record OpenCall(byte[] octets, Endpoint local, String source, Endpoint peer, CallerRights rights) {
    /** A record for a caller who may use every SA. */
    public OpenCall(byte[] octets, Endpoint local, String source, Endpoint peer) {
        this(octets, local, source, peer, CallerRights.ALL);
    }
}
