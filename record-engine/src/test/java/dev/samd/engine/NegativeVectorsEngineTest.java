// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every message of the negative list with its sealed record, through all doors; and the neighbours that must pass. */
class NegativeVectorsEngineTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String CLIENT_SIDE = "coap://example.com";

    private final JsonObject vectors = vectors();

    private static JsonObject vectors() {
        try (InputStreamReader in = new InputStreamReader(
                Objects.requireNonNull(NegativeVectorsEngineTest.class.getResourceAsStream("/vectors/negative.json")),
                StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyNegativeMessageIsDiscardedForItsReason() {
        return cases(vectors.getAsJsonObject("negative").getAsJsonArray("cases"))
                .map(test -> DynamicTest.dynamicTest(text(test, "name"), () -> refuses(test)));
    }

    @TestFactory
    Stream<DynamicTest> everyNeighbourPasses() {
        return cases(vectors.getAsJsonArray("accepted"))
                .map(test -> DynamicTest.dynamicTest(text(test, "name"), () -> accepts(test)));
    }

    private void refuses(JsonObject test) {
        Host host = new Host();
        install(host, test);
        byte[] message = HEX.parseHex(text(test, "message"));

        UnprotectResult result = unprotect(host, test, message);

        assertThat(result).isInstanceOf(Discarded.class);
        assertThat(((Discarded) result).reason()).isEqualTo(DiscardReason.valueOf(text(test, "expect")));
        Usage usage = host.engine.usage(sa(test)).orElseThrow();
        boolean consumed = test.get("consumes_number").getAsBoolean();
        assertThat(usage.nextSequence()).isEqualTo(consumed ? test.get("seq").getAsLong() + 1 : 0);
        assertThat(usage.failedOpenings()).isZero();
        if (consumed) {
            assertThat(((Discarded) unprotect(host, test, message)).reason()).isEqualTo(DiscardReason.REPLAY);
        }
    }

    private void accepts(JsonObject test) {
        Host host = new Host();
        install(host, test);

        UnprotectResult result = unprotect(host, test, HEX.parseHex(text(test, "message")));

        assertThat(result).isInstanceOf(Unprotected.class);
        assertThat(HEX.formatHex(((Unprotected) result).coap())).isEqualTo(text(test, "rebuilt"));
    }

    private static UnprotectResult unprotect(Host host, JsonObject test, byte[] message) {
        byte[] inReplyTo = Host.NO_REFERENCE;
        if (test.has("in_reply_to") && !test.get("in_reply_to").isJsonNull()) {
            // The request of pair A that the responses are for has number 1.
            inReplyTo = host.protect(Host.get("example.com", "temp")).reference();
        }
        Endpoint local = isRequest(test) ? Endpoint.parse(CLIENT_SIDE) : Endpoint.HOST_WIDE;
        return host.engine.unprotect(
                new UnprotectCall("uid:1", message, local, "", inReplyTo, Endpoint.HOST_WIDE), host.now);
    }

    private static boolean isRequest(JsonObject test) {
        return text(test, "direction").equals("c2s");
    }

    /** The SA that the record of the test is of. */
    private static SaId sa(JsonObject test) {
        return new SaId(isRequest(test) ? 1 : text(test, "name").contains("another pair") ? 4 : 2);
    }

    private void install(Host host, JsonObject test) {
        JsonObject pairA = vectors.getAsJsonObject("pairs").getAsJsonObject("A");
        Content content = Content.valueOf(text(test, "sa").replaceAll("/.*", ""));
        Form form = content == Content.MESSAGE ? Form.SAMD : Form.NONE;
        String clientKey = text(pairA, "client_write_key");
        String clientIv = text(pairA, "client_write_IV");
        if (isRequest(test)) {
            Sas.in("2b01")
                    .peer("coap://client")
                    .local(CLIENT_SIDE)
                    .content(content, form)
                    .keys(clientKey, clientIv)
                    .pair(1)
                    .install(host.engine, 1);
            return;
        }
        Sas.in("1645")
                .content(content, form)
                .keys(text(pairA, "server_write_key"), text(pairA, "server_write_IV"))
                .pair(1)
                .install(host.engine, 2);
        Sas.out("2b01")
                .content(content, form)
                .keys(clientKey, clientIv)
                .history(new History.ResumeSending(1))
                .pair(1)
                .install(host.engine, 3);
        String blockB = text(vectors.getAsJsonObject("pairs").getAsJsonObject("B"), "key_block");
        Sas.in("4a10203f")
                .peer("coap://other.example")
                .suite(CipherSuite.TLS_PSK_WITH_AES_128_CCM)
                .keys(blockB.substring(32, 64), blockB.substring(72, 80))
                .pair(2)
                .install(host.engine, 4);
    }

    private static Stream<JsonObject> cases(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject);
    }

    private static String text(JsonObject object, String field) {
        return object.get(field).getAsString();
    }
}
