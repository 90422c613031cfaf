// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

/** What a target found: an input for which something does not hold that has to. */
public final class Finding extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A finding, in words that name what does not hold. */
    public Finding(String what) {
        super(what);
    }

    /** Throws unless it holds. */
    public static void unless(boolean holds, String what) {
        if (!holds) {
            throw new Finding(what);
        }
    }
}
