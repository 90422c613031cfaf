// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The vectors of protected messages, and short ways to write octets. */
final class CoapVectors {
    private CoapVectors() {}

    static JsonObject read(String file) {
        try (InputStream in = CoapVectors.class.getResourceAsStream("/vectors/" + file)) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonObject message(String name) {
        return read("coap-messages.json").getAsJsonObject(name);
    }

    static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>();
        array.forEach(element -> objects.add(element.getAsJsonObject()));
        return objects;
    }

    static byte[] bytes(JsonObject vector, String field) {
        return hex(vector.get(field).getAsString());
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static RecBind binding(String hex) {
        return RecBind.parse(Octets.of(hex(hex))).orElseThrow();
    }

    /** What a sealer does, without the cryptography: the record behind the head. */
    static byte[] finish(PreparedMessage prepared, byte[] record) {
        byte[] message = new byte[prepared.headroom() + record.length];
        System.arraycopy(record, 0, message, prepared.headroom(), record.length);
        prepared.finish(message);
        return message;
    }

    static OuterMessage outer(byte[] octets) {
        return (OuterMessage) OuterMessage.read(octets, OptionNumbers.DEFAULT);
    }
}
