// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

/**
 * What one input may cost. Allocation is counted from the input's own length, so that a length which the input merely states
 * cannot pay for it.
 *
 * @param fixedOctets allocated for any input, an empty one too
 * @param octetsPerOctet allocated in addition, for each octet of input
 * @param threads whose allocation counts
 */
public record Budget(long fixedOctets, long octetsPerOctet, Threads threads) {
    /** Whose work an input is. */
    public enum Threads {
        /** The thread that hands it in. */
        CALLER,
        /** Every thread of the process: the decoder has some of its own. */
        ALL
    }

    /** A budget for a decoder that works on its caller's thread. */
    public static Budget of(long fixedOctets, long octetsPerOctet) {
        return new Budget(fixedOctets, octetsPerOctet, Threads.CALLER);
    }

    /** Octets that may be allocated for an input of that length. */
    public long allowed(int length) {
        return fixedOctets + octetsPerOctet * length;
    }
}
