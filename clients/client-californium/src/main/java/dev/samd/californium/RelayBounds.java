// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.time.Duration;

/**
 * What a relay carries at once, and how long it waits for kmpd.
 *
 * @param posts posts without an answer
 * @param postsOfSource those of one source address, which may be a proxy's
 * @param bodyOctets octets of a payload, either way
 * @param ackTimeout until kmpd, on the same host, is asked again; it is asked three times
 * @param deadline until an answer is given up
 */
record RelayBounds(int posts, int postsOfSource, int bodyOctets, Duration ackTimeout, Duration deadline) {
    static final RelayBounds DEFAULT = new RelayBounds(256, 64, 16_384, Duration.ofSeconds(1), Duration.ofSeconds(30));
}
