// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.time.Duration;

/**
 * What a relay carries at once, and how long it waits for kmpd.
 *
 * @param posts posts without an answer
 * @param postsOfSource those of one source address, which may be a proxy's
 * @param blocksPerSecond blocks handed on in a second, a small post being one. A Message ID towards kmpd comes back after 247 s
 *     (RFC 7252 s4.8.2), so 65 536 of them allow 265 a second
 * @param blocksOfSourcePerSecond those of one source address
 * @param bodyOctets octets of a payload, either way
 * @param ackTimeout until kmpd, on the same host, is asked again; it is asked three times
 * @param deadline until an answer is given up
 */
record RelayBounds(
        int posts,
        int postsOfSource,
        int blocksPerSecond,
        int blocksOfSourcePerSecond,
        int bodyOctets,
        Duration ackTimeout,
        Duration deadline) {
    static final RelayBounds DEFAULT =
            new RelayBounds(256, 64, 200, 50, 16_384, Duration.ofSeconds(1), Duration.ofSeconds(30));
}
