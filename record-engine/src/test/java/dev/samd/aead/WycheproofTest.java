// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Project Wycheproof's collections, which are not carried here. They are looked for in {@code shared/vectors/wycheproof}
 * beside the project, or where the system property {@code samd.wycheproof} says; where they are not, the tests are
 * skipped.
 */
class WycheproofTest {
    /** What a collection came to: cases that ran, and cases of lengths that the algorithm refuses to work with. */
    private record Tally(int valid, int invalid, int refused) {}

    @Test
    void aesCcm() throws IOException {
        assertThat(run("aes_ccm_test.json", "CCM")).isEqualTo(new Tally(405, 81, 66));
    }

    @Test
    void aesGcm() throws IOException {
        assertThat(run("aes_gcm_test.json", "GCM")).isEqualTo(new Tally(229, 81, 6));
    }

    @Test
    void chaCha20Poly1305() throws IOException {
        assertThat(run("chacha20_poly1305_test.json", "CHACHA20_POLY1305")).isEqualTo(new Tally(256, 69, 0));
    }

    private static Tally run(String file, String algorithm) throws IOException {
        Optional<Path> collections = collections();
        assumeTrue(collections.isPresent(), "no Wycheproof collections beside the project");
        int valid = 0;
        int invalid = 0;
        int refused = 0;
        try (Reader reader = Files.newBufferedReader(collections.get().resolve(file))) {
            JsonObject collection = JsonParser.parseReader(reader).getAsJsonObject();
            for (JsonElement group : collection.getAsJsonArray("testGroups")) {
                int tagLength = group.getAsJsonObject().get("tagSize").getAsInt() / 8;
                for (JsonElement test : group.getAsJsonObject().getAsJsonArray("tests")) {
                    switch (run(algorithm, tagLength, test.getAsJsonObject())) {
                        case VALID -> valid++;
                        case INVALID -> invalid++;
                        case REFUSED -> refused++;
                    }
                }
            }
        }
        return new Tally(valid, invalid, refused);
    }

    private enum Outcome {
        VALID,
        INVALID,
        REFUSED
    }

    private static Outcome run(String algorithm, int tagLength, JsonObject test) {
        String name = algorithm + " " + test.get("tcId") + " " + test.get("comment");
        boolean shouldOpen = test.get("result").getAsString().equals("valid");
        AeadCase inputs =
                new AeadCase(octets(test, "key"), octets(test, "iv"), octets(test, "aad"), octets(test, "msg"));
        byte[] sealed = HexFormat.of()
                .parseHex(test.get("ct").getAsString() + test.get("tag").getAsString());
        Optional<byte[]> opened;
        try {
            opened = inputs.openedBy(Oracle.ours(algorithm, tagLength), sealed);
        } catch (IllegalArgumentException e) {
            assertThat(shouldOpen).as(name).isFalse();
            return Outcome.REFUSED;
        }
        if (!shouldOpen) {
            assertThat(opened).as(name).isEmpty();
            return Outcome.INVALID;
        }
        assertThat(opened).as(name).hasValueSatisfying(p -> assertThat(p).isEqualTo(inputs.plaintext));
        assertThat(inputs.sealedBy(Oracle.ours(algorithm, tagLength))).as(name).isEqualTo(sealed);
        return Outcome.VALID;
    }

    private static byte[] octets(JsonObject test, String field) {
        return HexFormat.of().parseHex(test.get(field).getAsString());
    }

    private static Optional<Path> collections() {
        String stated = System.getProperty("samd.wycheproof");
        if (stated != null) {
            return Optional.of(Path.of(stated));
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve("shared/vectors/wycheproof");
            if (Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
