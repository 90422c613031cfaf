// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.sa.Octets;

/**
 * A record on its way, or one that an attacker has kept.
 *
 * @param to index of the host that it is for
 * @param key as {@link Link#key} gives it
 * @param number sequence number of the record
 * @param message whether the octets are a CoAP message around the record, or the record alone
 * @param octets what arrives
 * @param inReplyTo for a response, the reference of its request; else empty
 */
record Delivery(int to, long key, long number, boolean message, Octets octets, Octets inReplyTo) {
    /** What is said of a record that was released; everything else is the reason why not. */
    static final String RELEASED = "RELEASED";
}
