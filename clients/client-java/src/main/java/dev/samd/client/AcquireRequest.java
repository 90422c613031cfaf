// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An ACQUIRE that is offered to a KMP (RFC 2367 s3.1.6): SAs that are needed.
 *
 * @param sequence its number, never 0
 * @param local the endpoint of this host, or {@link Endpoint#HOST_WIDE}
 * @param target the peer; the SAs are to carry this name
 * @param via the next hop towards it; empty where it is reached directly
 * @param content what the SAs are to carry
 * @param form how a protected message is to look
 * @param suites the preferred one first
 * @param acceptable who may be this peer
 * @param replaces the pair to replace before it ends, or {@link PairId#NONE}
 * @param lifetime limits for the SAs
 * @param window replay window in records
 * @param reqid mark for the SAs, 0 for none
 * @param patience how long the whole may take
 */
public record AcquireRequest(
        int sequence,
        Endpoint local,
        Endpoint target,
        Optional<Endpoint> via,
        Content content,
        Form form,
        List<CipherSuite> suites,
        List<IdentityPattern> acceptable,
        PairId replaces,
        Lifetime lifetime,
        int window,
        int reqid,
        Duration patience) {
    public AcquireRequest {
        suites = List.copyOf(suites);
        acceptable = List.copyOf(acceptable);
    }
}
