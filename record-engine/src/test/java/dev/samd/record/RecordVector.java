// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** One record of {@code vectors/dtls12-records.json}, octets as hexadecimal. */
final class RecordVector {
    String name = "";
    String aead = "";
    String key = "";
    String iv = "";
    String cid = "";
    int epoch;
    long sequence;
    int padding;
    String plaintext = "";
    String nonce = "";
    String additionalData = "";
    String record = "";

    static List<RecordVector> all() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(RecordVector.class.getResourceAsStream("/vectors/dtls12-records.json")),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(reader, new TypeToken<List<RecordVector>>() {}.getType());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestSa sa() {
        return TestSa.of(AeadAlgorithm.valueOf(aead))
                .keys(Octets.ofHex(key), Octets.ofHex(iv))
                .cid(cid)
                .epoch(epoch)
                .sendingFrom(sequence);
    }

    byte[] octets() {
        return Octets.ofHex(record).toArray();
    }

    byte[] content() {
        return Octets.ofHex(plaintext).toArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
