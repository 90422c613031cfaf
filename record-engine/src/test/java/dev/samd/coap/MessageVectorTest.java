// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapVectors.binding;
import static dev.samd.coap.CoapVectors.bytes;
import static dev.samd.coap.CoapVectors.finish;
import static dev.samd.coap.CoapVectors.hex;
import static dev.samd.coap.CoapVectors.outer;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Form;
import org.junit.jupiter.api.Test;

class MessageVectorTest {
    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);
    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    @Test
    void requestIsProtectedAsSamd() {
        JsonObject vector = CoapVectors.message("request");

        PreparedMessage prepared = protector.prepare(
                CoapMessage.parse(bytes(vector, "original")), Content.MESSAGE, Form.SAMD, null, false);

        assertThat(prepared.plaintext()).isEqualTo(bytes(vector, "plaintext"));
        assertThat(finish(prepared, bytes(vector, "record"))).isEqualTo(bytes(vector, "outer_samd"));
    }

    @Test
    void requestIsProtectedAsDraftExact() {
        JsonObject vector = CoapVectors.message("request");

        PreparedMessage prepared = protector.prepare(
                CoapMessage.parse(bytes(vector, "original")), Content.MESSAGE, Form.DRAFT_EXACT, null, false);

        assertThat(prepared.plaintext()).isEqualTo(bytes(vector, "plaintext"));
        assertThat(finish(prepared, bytes(vector, "record_no_cid"))).isEqualTo(bytes(vector, "outer_draft_exact"));
    }

    @Test
    void requestIsRebuiltFromBothForms() {
        JsonObject vector = CoapVectors.message("request");
        OuterMessage samd = outer(bytes(vector, "outer_samd"));
        OuterMessage draft = outer(bytes(vector, "outer_draft_exact"));

        Unprotection ofSamd =
                unprotector.rebuild(samd, bytes(vector, "plaintext"), Content.MESSAGE, Form.SAMD, ExpectedBinding.NONE);
        Unprotection ofDraft = unprotector.rebuild(
                draft, bytes(vector, "plaintext"), Content.MESSAGE, Form.DRAFT_EXACT, ExpectedBinding.NONE);

        assertThat(((Rebuilt) ofSamd).octets()).isEqualTo(bytes(vector, "original"));
        assertThat(((Rebuilt) ofSamd).uriPath()).containsExactly("temp");
        assertThat(((Rebuilt) ofDraft).octets()).isEqualTo(bytes(vector, "original"));
    }

    @Test
    void recordIsFoundInTheOuterMessage() {
        JsonObject vector = CoapVectors.message("request");

        OuterMessage outer = outer(bytes(vector, "outer_samd"));

        assertThat(outer.signs()).isEqualTo(Signs.RECORD_MARKER);
        assertThat(outer.isResponse()).isFalse();
        assertThat(outer.uriHost()).contains("example.com");
        assertThat(outer.uriPort()).isEmpty();
        assertThat(outer.recordBuffer())
                .endsWith(bytes(vector, "record"))
                .hasSize(outer.recordOffset() + outer.recordLength());
        assertThat(outer.recordLength()).isEqualTo(bytes(vector, "record").length);
    }

    @Test
    void responseNamesItsRequestInside() {
        JsonObject vector = CoapVectors.message("response");
        RecBind request = binding(vector.get("binding").getAsString());

        PreparedMessage prepared = protector.prepare(
                CoapMessage.parse(bytes(vector, "original")), Content.MESSAGE, Form.SAMD, request, false);
        Unprotection rebuilt = unprotector.rebuild(
                outer(bytes(vector, "outer_samd")),
                bytes(vector, "plaintext"),
                Content.MESSAGE,
                Form.SAMD,
                ExpectedBinding.exactly(request, false));

        assertThat(prepared.plaintext()).isEqualTo(bytes(vector, "plaintext"));
        assertThat(finish(prepared, bytes(vector, "record"))).isEqualTo(bytes(vector, "outer_samd"));
        assertThat(((Rebuilt) rebuilt).octets()).isEqualTo(bytes(vector, "original"));
        assertThat(((Rebuilt) rebuilt).code()).isEqualTo(CoapCode.CONTENT);
    }

    @Test
    void notificationAfterReKeyNamesItsRegistrationInTheLongForm() {
        JsonObject vector = CoapVectors.message("notification");
        RecBind registration = binding(vector.get("binding").getAsString());
        byte[] original = hex("51450001 4a 61 05 60 ff 32332e30"); // Observe 5, Content-Format 0

        PreparedMessage prepared =
                protector.prepare(CoapMessage.parse(original), Content.MESSAGE, Form.SAMD, registration, true);
        byte[] message = finish(prepared, bytes(vector, "record"));
        Unprotection rebuilt = unprotector.rebuild(
                outer(message),
                prepared.plaintext(),
                Content.MESSAGE,
                Form.SAMD,
                ExpectedBinding.exactly(registration, true));

        assertThat(registration.isLong()).isTrue();
        assertThat(prepared.plaintext()).isEqualTo(bytes(vector, "plaintext"));
        assertThat(prepared.observes()).isTrue();
        // Outside: 2.05, the value of Observe, Max-Age 0, the marker.
        assertThat(message).startsWith(hex("51450001 4a 61 05 80 e0 fc e6 ff".replace(" ", "")));
        assertThat(((Rebuilt) rebuilt).octets()).isEqualTo(hex("51450001 4a 60 60 ff 32332e30"));
        assertThat(((Rebuilt) rebuilt).observes()).isTrue();
    }

    @Test
    void longFormIsRefusedWhereTheShortOneIsDemanded() {
        JsonObject vector = CoapVectors.message("notification");
        byte[] message = finish(
                protector.prepare(
                        CoapMessage.parse(hex("51450001 4a 61 05 60 ff 32332e30")),
                        Content.MESSAGE,
                        Form.SAMD,
                        binding("00010000000000012b01"),
                        true),
                bytes(vector, "record"));

        Unprotection result = unprotector.rebuild(
                outer(message),
                bytes(vector, "plaintext"),
                Content.MESSAGE,
                Form.SAMD,
                ExpectedBinding.exactly(RecBind.ofNumber(1, 1), true));

        assertThat(result).isEqualTo(new DiscardedMessage(DiscardReason.BINDING_MISMATCH));
    }

    @Test
    void payloadRequestIsProtectedAndRebuilt() {
        JsonObject vector = CoapVectors.message("payload_request");
        CoapMessage original = CoapMessage.parse(bytes(vector, "original"));

        PreparedMessage prepared = protector.prepare(original, Content.PAYLOAD, Form.NONE, null, false);
        Unprotection rebuilt = unprotector.rebuild(
                outer(bytes(vector, "message")),
                bytes(vector, "plaintext"),
                Content.PAYLOAD,
                Form.NONE,
                ExpectedBinding.NONE);

        assertThat(prepared.plaintext()).isEqualTo(bytes(vector, "plaintext"));
        assertThat(finish(prepared, bytes(vector, "record"))).isEqualTo(bytes(vector, "message"));
        assertThat(((Rebuilt) rebuilt).octets()).isEqualTo(bytes(vector, "original"));
    }

    @Test
    void payloadResponseIsProtectedAndRebuilt() {
        JsonObject vector = CoapVectors.message("payload_response");
        CoapMessage original = CoapMessage.parse(bytes(vector, "original"));
        RecBind request = binding(vector.get("binding").getAsString());

        PreparedMessage prepared = protector.prepare(original, Content.PAYLOAD, Form.NONE, request, false);
        Unprotection rebuilt = unprotector.rebuild(
                outer(bytes(vector, "message")),
                bytes(vector, "plaintext"),
                Content.PAYLOAD,
                Form.NONE,
                ExpectedBinding.exactly(request, false));

        assertThat(prepared.plaintext()).isEqualTo(bytes(vector, "plaintext"));
        assertThat(finish(prepared, bytes(vector, "record"))).isEqualTo(bytes(vector, "message"));
        assertThat(((Rebuilt) rebuilt).octets()).isEqualTo(bytes(vector, "original"));
    }
}
