// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import java.util.Map;

/**
 * One decoder, and what holds of it whatever the octets. A target keeps nothing from one input to the next, so that an input
 * alone tells what happened. Confined to one thread.
 */
public interface FuzzTarget {
    /**
     * Has the decoder read the input, and checks what came of it. Whatever this throws is a finding: the refusals that the
     * decoder documents are caught here, and nothing else is.
     *
     * @param input the target's to keep or to change
     * @return whether the decoder took it
     * @throws Finding if what came of it is wrong
     */
    boolean run(byte[] input) throws Exception;

    /** Inputs to begin with, by their names, which the decoder takes. Always of the same names. */
    Map<String, byte[]> seeds();
}
