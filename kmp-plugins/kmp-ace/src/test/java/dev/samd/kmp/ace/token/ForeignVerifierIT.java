// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samd.sa.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tokens of ours in the hands of others: Python's cbor2 and cryptography take a CWT apart, its jwcrypto a JWT. Skipped where
 * Debian's python3-cbor2, python3-cryptography and python3-jwcrypto are not installed.
 */
class ForeignVerifierIT {
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    private Path directory;

    @Test
    void encryptedCwtOpensElsewhere() throws Exception {
        assumeTrue(has("cbor2, cryptography"), "python3-cbor2 and python3-cryptography are not installed");

        String claims =
                run("verify_cwt.py", Tokens.CCM_KEY, Tokens.cwt(Tokens.valid()).toHex());

        assertThat(claims).isEqualTo("as.example device-1 rs1 1795525200 0a0b " + Tokens.POP_KEY.toHex());
    }

    @Test
    void signedCwtVerifiesElsewhere() throws Exception {
        assumeTrue(has("cbor2, cryptography"), "python3-cbor2 and python3-cryptography are not installed");
        TokenWriter writer = new TokenWriter(Optional.of(Tokens.signing()), Tokens.ccm(), new Random(1));

        String claims =
                run("verify_cwt.py", Tokens.CCM_KEY, writer.cwt(Tokens.valid()).toHex(), Tokens.publicKey());

        assertThat(claims).isEqualTo("as.example device-1 rs1 1795525200 0a0b " + Tokens.POP_KEY.toHex());
    }

    @Test
    void encryptedJwtOpensElsewhere() throws Exception {
        assumeTrue(has("jwcrypto"), "python3-jwcrypto is not installed");
        Octets token = Tokens.jwt(Tokens.valid());

        String claims = run("verify_jwt.py", "ab".repeat(32), new String(token.toArray(), StandardCharsets.US_ASCII));

        assertThat(claims).isEqualTo("as.example device-1 rs1 1795525200 0a0b " + Tokens.POP_KEY.toHex());
    }

    private static boolean has(String modules) throws Exception {
        if (!Files.isExecutable(Path.of(PYTHON))) {
            return false;
        }
        return new ProcessBuilder(PYTHON, "-c", "import " + modules)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private String run(String script, String... arguments) throws IOException, InterruptedException {
        Path file = directory.resolve(script);
        try (InputStream in = ForeignVerifierIT.class.getResourceAsStream("/" + script)) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        List<String> command = new ArrayList<>(List.of(PYTHON, file.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }
}
