// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import java.time.Duration;

/**
 * The bounds of the record stream, as the daemon has them and as this client adds to them.
 *
 * @param outstanding items without an answer, as many as the daemon reads
 * @param waiting items that wait in this client; one more is refused
 * @param batchItems items in one message
 * @param batchOctets octets of the items in one message
 * @param itemOctets octets of one item
 * @param grace how long after its own time an answer is waited for
 */
record StreamBounds(int outstanding, int waiting, int batchItems, int batchOctets, int itemOctets, Duration grace) {
    static final StreamBounds DEFAULT =
            new StreamBounds(1_024, 16_384, 256, 1 << 20, 66 * 1_024, Duration.ofSeconds(5));
}
