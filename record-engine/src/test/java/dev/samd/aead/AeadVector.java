// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** One published case of {@code vectors/aead.json}, octets as hexadecimal. */
final class AeadVector {
    String source = "";
    String algorithm = "";
    int tagLength;
    String key = "";
    String nonce = "";
    String additionalData = "";
    int additionalDataRepeated = 1;
    String plaintext = "";
    String sealed = "";

    static List<AeadVector> all() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(AeadVector.class.getResourceAsStream("/vectors/aead.json")),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(reader, new TypeToken<List<AeadVector>>() {}.getType());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Aead aead() {
        return Oracle.ours(algorithm, tagLength);
    }

    AeadCase inputs() {
        return new AeadCase(
                octets(key), octets(nonce), octets(additionalData.repeat(additionalDataRepeated)), octets(plaintext));
    }

    byte[] sealedOctets() {
        return octets(sealed);
    }

    private static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return source;
    }
}
