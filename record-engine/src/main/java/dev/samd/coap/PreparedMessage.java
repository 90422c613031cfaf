// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

/**
 * A message on its way into a record: what to seal, and what stands before the record. Immutable.
 *
 * <p>The record is made into an array that leaves {@link #headroom} octets free; {@link #finish} fills them, and the
 * array is the protected message.
 */
public final class PreparedMessage {
    private final byte[] plaintext;
    private final byte[] outer;
    private final int headroom;
    private final boolean observes;

    PreparedMessage(byte[] plaintext, byte[] outer, int headroom, boolean observes) {
        this.plaintext = plaintext;
        this.outer = outer;
        this.headroom = headroom;
        this.observes = observes;
    }

    /** What the record carries, lent: to be read only. */
    public byte[] plaintext() {
        return plaintext;
    }

    /** Octets before the record: header, token, outer options and payload marker. */
    public int headroom() {
        return headroom;
    }

    /** Whether the original registers an observation, or is a notification; see {@link CoapMessage#observes}. */
    public boolean observes() {
        return observes;
    }

    /** Writes the octets before the record into {@code octets[0..headroom)}. */
    public void finish(byte[] octets) {
        System.arraycopy(outer, 0, octets, 0, headroom);
    }
}
