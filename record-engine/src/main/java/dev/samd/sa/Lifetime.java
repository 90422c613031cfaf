// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * The lifetime of an SA: at a soft limit its KMP is asked for a successor, at a hard limit it ends (RFC 2367 s2.3.2).
 *
 * @param soft an SA goes from MATURE to DYING when one is met
 * @param hard an SA goes to DEAD when one is met; where hard comes before soft, soft never happens
 */
public record Lifetime(Limits soft, Limits hard) {
    /** No limits but those of the algorithm. */
    public static final Lifetime UNLIMITED = new Lifetime(Limits.NONE, Limits.NONE);

    /** This lifetime, not beyond the limits of a key of the algorithm. */
    public Lifetime within(AeadAlgorithm aead) {
        Lifetime all = aead.lifetime();
        Limits tighterSoft = soft.tightenedBy(all.soft());
        Limits tighterHard = hard.tightenedBy(all.hard());
        // Most SAs have no limits of their own, and there are millions: they share those of the algorithm.
        if (tighterSoft.equals(all.soft()) && tighterHard.equals(all.hard())) {
            return all;
        }
        Lifetime tightest = new Lifetime(tighterSoft, tighterHard);
        return tightest.equals(this) ? this : tightest;
    }
}
