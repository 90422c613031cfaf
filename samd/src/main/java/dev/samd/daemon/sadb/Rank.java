// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.PairRole;
import org.jspecify.annotations.Nullable;

/**
 * Which of two pairs of one lineage stands. Both ends have to come to the same answer and neither asks the other, so it is
 * made of what both of them know:
 *
 * <ol>
 *   <li>The one for which more pairs were superseded, one after the other.
 *   <li>Of two that one end began: the later one.
 *   <li>Of two that the ends began at once: the one whose smaller SPI is greater, then the one whose greater SPI is. An SPI is
 *       inbound at one end and outbound at the other, so they do not ask which is which.
 * </ol>
 *
 * Of a pair of which nobody says who began it nothing can be said: it stands beside them.
 *
 * @param generation how many pairs were superseded one after the other until it came
 * @param role which side began it; {@code null} if nobody said, or if it superseded none
 * @param smaller the smaller one of its SPIs
 * @param greater the greater one
 */
record Rank(int generation, @Nullable PairRole role, Octets smaller, Octets greater) {
    /** Of a pair that superseded none. */
    static final Rank FIRST = new Rank(0, null, Octets.EMPTY, Octets.EMPTY);

    /** Of a pair that supersedes one of this rank. */
    Rank next(InstallPair request) {
        Octets in = request.inbound().spi().octets();
        Octets out = request.outbound().spi().octets();
        boolean ordered = in.compareTo(out) <= 0;
        return new Rank(generation + 1, request.role(), ordered ? in : out, ordered ? out : in);
    }

    /** Above zero if the pair of this rank stands, below zero if the other one does; zero if the later one does. */
    int against(Rank other) {
        if (generation != other.generation) {
            return Integer.compare(generation, other.generation);
        }
        if (role == other.role) {
            return 0;
        }
        int bySmaller = smaller.compareTo(other.smaller);
        return bySmaller != 0 ? bySmaller : greater.compareTo(other.greater);
    }
}
