// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the log, as it was read.
 *
 * <p>{@code {"seq":N,"time":T,…,"prev":"HASH","mac":"MAC"}}: UTF-8, no blanks between, always in this order. HASH is the
 * SHA-256 of the line before, MAC that of all octets before {@code ,"mac":}. Both are lower-case hexadecimal: octets that say
 * the same in other letters are no line.
 *
 * @param octets the line without its line feed
 * @param fields what it says
 */
record AuditLine(Octets octets, JsonObject fields) {
    /** Octets of a line at most, its line feed not counted. */
    static final int MAX_LENGTH = 64 * 1024;

    private static final int MAX_TEXT = 1024;
    private static final int MAC_FIELD = ",\"mac\":\"\"}".length() + 64;
    private static final Pattern FORM =
            Pattern.compile("\\{\"seq\":[1-9][0-9]{0,17},.*,\"prev\":\"[0-9a-f]{64}\",\"mac\":\"[0-9a-f]{64}\"}");
    private static final TypeAdapter<JsonElement> JSON = new Gson().getAdapter(JsonElement.class);

    /** Reads a line; empty if it is none. */
    static Optional<AuditLine> read(byte[] line) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                return Optional.empty();
            }
            JsonReader reader = new JsonReader(new StringReader(text));
            reader.setStrictness(Strictness.STRICT);
            return JSON.read(reader) instanceof JsonObject fields
                    ? Optional.of(new AuditLine(Octets.of(line), fields))
                    : Optional.empty();
        } catch (CharacterCodingException | JsonParseException e) {
            return Optional.empty();
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            // How the reader of JSON says that this is none.
            return Optional.empty();
        }
    }

    long sequence() {
        return number("seq");
    }

    Octets previous() {
        return Octets.ofHex(text("prev"));
    }

    Octets hash() {
        return Octets.of(Ratchet.sha256(octets.toArray(), octets.length()));
    }

    /** Whether its MAC is the one that these keys make. */
    boolean isMadeUnder(Ratchet keys) {
        byte[] all = octets.toArray();
        byte[] made = keys.mac(all, all.length - MAC_FIELD);
        return MessageDigest.isEqual(made, Octets.ofHex(text("mac")).toArray());
    }

    boolean is(AuditKind kind) {
        return text("event").equals(kind.word());
    }

    /** A number among its fields; -1 if it is not there. */
    long number(String field) {
        JsonElement value = fields.get(field);
        try {
            return value == null || !value.isJsonPrimitive() ? -1 : value.getAsLong();
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** A text among its fields; empty if it is not there. */
    String text(String field) {
        JsonElement value = fields.get(field);
        return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
    }

    /**
     * Makes a line, with its line feed.
     *
     * @param sequence its number
     * @param run the random name of the daemon's run
     * @param previous hash of the line before
     * @param keys those of this line
     */
    static byte[] write(AuditEvent event, long sequence, Instant time, String run, Octets previous, Ratchet keys) {
        String body = body(event, sequence, time, run, previous);
        byte[] signed = body.getBytes(StandardCharsets.UTF_8);
        String mac = Octets.of(keys.mac(signed, signed.length)).toHex();
        return (body + ",\"mac\":\"" + mac + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String body(AuditEvent event, long sequence, Instant time, String run, Octets previous) {
        StringWriter text = new StringWriter(512);
        try {
            JsonWriter json = new JsonWriter(text);
            json.beginObject();
            json.name("seq").value(sequence);
            json.name("time").value(time.toString());
            json.name("run").value(run);
            json.name("event").value(event.kind().word());
            json.name("outcome").value(event.outcome().word());
            write(json, event.actor());
            writeSas(json, event);
            for (Map.Entry<String, Object> detail : event.details().entrySet()) {
                json.name(detail.getKey());
                if (detail.getValue() instanceof Long number) {
                    json.value(number);
                } else {
                    json.value(bounded(detail.getValue().toString()));
                }
            }
            writeText(json, "reason", event.reason());
            json.name("prev").value(previous.toHex());
            // The brace that closes it comes behind the MAC.
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("a writer in memory failed", e);
        }
    }

    private static void write(JsonWriter json, AuditActor actor) throws IOException {
        writeText(json, "principal", actor.principal());
        writeNumber(json, "uid", actor.uid());
        writeNumber(json, "gid", actor.gid());
        writeNumber(json, "pid", actor.pid());
    }

    private static void writeSas(JsonWriter json, AuditEvent event) throws IOException {
        if (event.sas().isEmpty()) {
            return;
        }
        json.name("sas").beginArray();
        for (AuditSa sa : event.sas()) {
            json.beginObject();
            writeNumber(json, "id", sa.id() == 0 ? AuditActor.UNKNOWN : sa.id());
            writeText(json, "spi", sa.spi());
            writeText(json, "direction", sa.direction());
            writeText(json, "peer", sa.peer());
            writeText(json, "local", sa.local());
            json.endObject();
        }
        json.endArray();
    }

    private static void writeText(JsonWriter json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.name(name).value(bounded(value));
        }
    }

    private static void writeNumber(JsonWriter json, String name, long value) throws IOException {
        if (value != AuditActor.UNKNOWN) {
            json.name(name).value(value);
        }
    }

    private static String bounded(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
