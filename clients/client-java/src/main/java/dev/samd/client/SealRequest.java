// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.time.Duration;

/**
 * Octets to seal as one record of an outbound SA of content RAW.
 *
 * @param sa the SA
 * @param plaintext at most 2^14 octets, less the padding and one octet with connection ID
 * @param padding octets of zero padding inside the record (RFC 9146 s4)
 * @param local the endpoint that seals, or {@link Endpoint#HOST_WIDE}
 * @param patience how long the call may wait inside the daemon; zero stands for the daemon's default
 */
public record SealRequest(SaSelector sa, Octets plaintext, int padding, Endpoint local, Duration patience) {
    /** Octets without padding, from anywhere on this host. */
    public static SealRequest of(SaSelector sa, Octets plaintext) {
        return new SealRequest(sa, plaintext, 0, Endpoint.HOST_WIDE, Duration.ZERO);
    }

    /** The same octets with padding. */
    public SealRequest withPadding(int octets) {
        return new SealRequest(sa, plaintext, octets, local, patience);
    }

    /** The same octets from an endpoint. */
    public SealRequest withLocal(Endpoint endpoint) {
        return new SealRequest(sa, plaintext, padding, endpoint, patience);
    }

    /** Never shows the plaintext. */
    @Override
    public String toString() {
        return "SealRequest[" + sa + ", " + plaintext.length() + " octets, padding=" + padding + "]";
    }
}
