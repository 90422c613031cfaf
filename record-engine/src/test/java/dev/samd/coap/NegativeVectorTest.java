// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The negative cases as far as they are decided without keys: signs, address, plaintext, binding. Which pair a record
 * belongs to is decided before, so the answer of another pair is not among them.
 */
class NegativeVectorTest {
    private static final JsonObject VECTORS = CoapVectors.read("negative.json");
    private static final String DECIDED_BY_THE_PAIR = "response of another pair, same number";

    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    @Test
    void everyCaseIsThere() {
        assertThat(cases("negative", "cases")).hasSize(44);
        assertThat(VECTORS.getAsJsonArray("accepted")).hasSize(3);
    }

    @TestFactory
    Stream<DynamicTest> negativeCaseIsDiscarded() {
        return cases("negative", "cases").stream()
                .filter(vector -> !name(vector).equals(DECIDED_BY_THE_PAIR))
                .map(vector -> DynamicTest.dynamicTest(name(vector), () -> assertThat(unprotect(vector))
                        .isEqualTo(new DiscardedMessage(
                                DiscardReason.valueOf(vector.get("expect").getAsString())))));
    }

    /** What consumes no number must be refused before the plaintext is known. */
    @TestFactory
    Stream<DynamicTest> caseThatConsumesNoNumberIsDecidedFromOutside() {
        return cases("negative", "cases").stream()
                .filter(vector -> !vector.get("consumes_number").getAsBoolean())
                .filter(vector -> !name(vector).equals(DECIDED_BY_THE_PAIR))
                .filter(vector -> !vector.get("in_reply_to").isJsonNull()
                        || !vector.get("expect").getAsString().equals("BINDING_MISSING"))
                .map(vector -> DynamicTest.dynamicTest(
                        name(vector), () -> assertThat(outside(vector)).isInstanceOf(DiscardedMessage.class)));
    }

    @TestFactory
    Stream<DynamicTest> neighbourIsAccepted() {
        return CoapVectors.objects(VECTORS.getAsJsonArray("accepted")).stream()
                .map(vector -> DynamicTest.dynamicTest(name(vector), () -> {
                    Object result = unprotect(vector);

                    assertThat(result).isInstanceOf(Rebuilt.class);
                    assertThat(((Rebuilt) result).octets()).isEqualTo(bytes(vector, "rebuilt"));
                }));
    }

    private Object unprotect(JsonObject vector) {
        Object outside = outside(vector);
        if (outside instanceof DiscardedMessage) {
            return outside;
        }
        ExpectedBinding expected =
                !vector.has("in_reply_to") || vector.get("in_reply_to").isJsonNull()
                        ? ExpectedBinding.NONE
                        : ExpectedBinding.exactly(
                                CoapVectors.binding(
                                        vector.get("in_reply_to").getAsString().substring(2)),
                                false);
        return unprotector.rebuild(
                (OuterMessage) outside, bytes(vector, "plaintext"), content(vector), form(vector), expected);
    }

    private static Object outside(JsonObject vector) {
        OuterReading reading = OuterMessage.read(bytes(vector, "message"), OptionNumbers.DEFAULT);
        if (!(reading instanceof OuterMessage outer)) {
            return reading;
        }
        if (!outer.fits(content(vector), form(vector))) {
            return new DiscardedMessage(DiscardReason.MALFORMED);
        }
        Endpoint local = Endpoint.parse(
                VECTORS.getAsJsonObject("negative").get("local_endpoint").getAsString());
        return outer.addressedTo(local).<Object>map(DiscardedMessage::new).orElse(outer);
    }

    private static List<JsonObject> cases(String group, String list) {
        return CoapVectors.objects(VECTORS.getAsJsonObject(group).getAsJsonArray(list));
    }

    private static String name(JsonObject vector) {
        return vector.get("name").getAsString();
    }

    private static Content content(JsonObject vector) {
        return Content.valueOf(vector.get("sa").getAsString().split("/", 2)[0]);
    }

    private static Form form(JsonObject vector) {
        return content(vector) == Content.MESSAGE ? Form.SAMD : Form.NONE;
    }
}
