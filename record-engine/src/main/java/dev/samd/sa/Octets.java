// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.util.Arrays;
import java.util.HexFormat;

/** Immutable public octets, compared by value and printed as lower-case hexadecimal. Never for secrets. */
public final class Octets implements Comparable<Octets> {
    /** No octets. */
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] octets;

    private Octets(byte[] octets) {
        this.octets = octets;
    }

    /** A copy of the given octets. */
    public static Octets of(byte... octets) {
        return octets.length == 0 ? EMPTY : new Octets(octets.clone());
    }

    /** A copy of {@code length} octets from {@code offset} on. */
    public static Octets of(byte[] source, int offset, int length) {
        return length == 0 ? EMPTY : new Octets(Arrays.copyOfRange(source, offset, offset + length));
    }

    /**
     * Reads hexadecimal without separators.
     *
     * @throws IllegalArgumentException if the text is not an even number of hexadecimal digits
     */
    public static Octets ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /** Number of octets. */
    public int length() {
        return octets.length;
    }

    /** Whether there are no octets. */
    public boolean isEmpty() {
        return octets.length == 0;
    }

    /** The octet at {@code index}, 0..255. */
    public int at(int index) {
        return octets[index] & 0xff;
    }

    /** A fresh array, owned by the caller. */
    public byte[] toArray() {
        return octets.clone();
    }

    /** Copies all octets into {@code target} and gives the offset behind them. */
    public int copyTo(byte[] target, int offset) {
        System.arraycopy(octets, 0, target, offset, octets.length);
        return offset + octets.length;
    }

    /** Whether the given region begins with these octets. */
    public boolean isPrefixOf(byte[] region, int offset, int length) {
        return octets.length <= length
                && Arrays.equals(octets, 0, octets.length, region, offset, offset + octets.length);
    }

    /** Whether {@code other} begins with these octets. */
    public boolean isPrefixOf(Octets other) {
        return isPrefixOf(other.octets, 0, other.octets.length);
    }

    /** Lower-case hexadecimal without separators. */
    public String toHex() {
        return HexFormat.of().formatHex(octets);
    }

    @Override
    public int compareTo(Octets other) {
        return Arrays.compareUnsigned(octets, other.octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return toHex();
    }
}
