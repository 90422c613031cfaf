// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.sa.Octets;
import java.util.HexFormat;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Public octets as hexadecimal text, with white space anywhere. */
final class Hex {
    private Hex() {}

    /**
     * Reads an argument.
     *
     * @throws ParameterException naming the option and the value
     */
    static Octets argument(CommandLine line, String option, String text) {
        try {
            return Octets.ofHex(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    line, option + ": '" + text + "' is not an even number of hexadecimal digits", e);
        }
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException if it is not an even number of hexadecimal digits
     */
    static Octets text(String text) {
        return Octets.of(HexFormat.of().parseHex(text.replaceAll("\\s", "")));
    }
}
