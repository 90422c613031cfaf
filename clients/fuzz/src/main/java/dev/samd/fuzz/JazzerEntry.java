// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import org.jspecify.annotations.Nullable;

/** Where Jazzer begins, by the names that it looks for. One decoder in one process. */
public final class JazzerEntry {
    private static @Nullable Trial trial;

    private JazzerEntry() {}

    /** Begins with a decoder, whose name is the one argument. */
    public static void fuzzerInitialize(String[] arguments) throws Exception {
        trial = new Trial(Decoders.named(arguments[0]));
    }

    /** One input. What is thrown is a finding. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (trial == null) {
            throw new IllegalStateException("an input before the name of the decoder");
        }
        trial.run(input);
    }
}
