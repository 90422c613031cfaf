// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Numbers that Java has no type for. */
final class Numbers {
    private static final long MAX_UNSIGNED = 0xffff_ffffL;

    private Numbers() {}

    /**
     * A number of 32 bits without a sign; 0 if nothing is said.
     *
     * @throws ParameterException naming the option and the value
     */
    static int unsigned(CommandLine line, String option, @Nullable Long number) {
        if (number == null) {
            return 0;
        }
        if (number < 0 || number > MAX_UNSIGNED) {
            throw new ParameterException(line, option + ": " + number + " is not in 0.." + MAX_UNSIGNED);
        }
        return number.intValue();
    }
}
