// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.sa.KeyMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Secret octets as an operator gives them: hexadecimal text on the command line, in a file ({@code @FILE}), or on standard
 * input ({@code -}). No message shows any of them.
 */
final class KeyInput {
    /** Far more than any key, so that a wrong file is refused and not read whole. */
    private static final int MAX_TEXT = 4_096;

    private final CommandLine line;
    private final Env env;

    KeyInput(CommandLine line, Env env) {
        this.line = line;
        this.env = env;
    }

    /** Whether the secret stood on the command line, where others see it. */
    static boolean isExposed(String argument) {
        return !argument.equals("-") && !argument.startsWith("@");
    }

    /**
     * Reads one secret, owned by the caller.
     *
     * @throws ParameterException if it cannot be read, or is not hexadecimal
     */
    KeyMaterial read(String option, String argument) {
        if (argument.equals("-")) {
            return parse(option, "standard input", readStandardInput(option));
        }
        if (!argument.startsWith("@")) {
            return parse(option, "the command line", argument.getBytes(StandardCharsets.UTF_8));
        }
        Path file = Path.of(argument.substring(1));
        try (InputStream in = Files.newInputStream(file)) {
            return parse(option, file.toString(), readAll(option, in));
        } catch (NoSuchFileException e) {
            throw fault(option + ": file " + file + " does not exist");
        } catch (IOException e) {
            throw fault(option + ": file " + file + " cannot be read");
        }
    }

    private byte[] readStandardInput(String option) {
        try {
            return readAll(option, env.stdin());
        } catch (IOException e) {
            throw fault(option + ": standard input cannot be read");
        }
    }

    private byte[] readAll(String option, InputStream in) throws IOException {
        byte[] text = in.readNBytes(MAX_TEXT + 1);
        if (text.length > MAX_TEXT) {
            Arrays.fill(text, (byte) 0);
            throw fault(option + ": more than " + MAX_TEXT + " characters, which is no key");
        }
        return text;
    }

    /** Reads hexadecimal text with white space anywhere, and wipes it. */
    private KeyMaterial parse(String option, String where, byte[] text) {
        byte[] octets = new byte[text.length / 2];
        int digits = 0;
        try {
            for (byte character : text) {
                if (Character.isWhitespace(character)) {
                    continue;
                }
                int digit = Character.digit(character, 16);
                if (digit < 0 || digits / 2 >= octets.length) {
                    throw fault(option + ": " + where + " does not hold an even number of hexadecimal digits");
                }
                octets[digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
                digits++;
            }
            if (digits % 2 != 0 || digits == 0) {
                throw fault(option + ": " + where + " does not hold an even number of hexadecimal digits");
            }
            return KeyMaterial.adopt(Arrays.copyOf(octets, digits / 2));
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(octets, (byte) 0);
        }
    }

    private ParameterException fault(String message) {
        return new ParameterException(line, message);
    }
}
