// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.CoapType;
import dev.samd.coap.OptionNumbers;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One engine and the program that uses it, with short ways to make the calls. */
final class Host implements EngineListener {
    static final byte[] NO_REFERENCE = {};

    final RecordEngine engine;
    final List<String> wear = Collections.synchronizedList(new ArrayList<>());
    long now = 1_000_000_000L;

    Host() {
        this(PolicyGate.PROTECT_ALL);
    }

    Host(PolicyGate gate) {
        byte[] referenceKey = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        engine = new RecordEngine(this, OptionNumbers.DEFAULT, KeyMaterial.adopt(referenceKey), gate);
    }

    ProtectResult protectResult(byte[] coap, byte[] inReplyTo) {
        return engine.protect(new ProtectCall("uid:1", coap, Endpoint.HOST_WIDE, Endpoint.HOST_WIDE, inReplyTo), now);
    }

    Protected protect(byte[] coap, byte[] inReplyTo) {
        return (Protected) protectResult(coap, inReplyTo);
    }

    Protected protect(byte[] request) {
        return protect(request, NO_REFERENCE);
    }

    UnprotectResult unprotectResult(byte[] coap, byte[] inReplyTo) {
        return engine.unprotect(
                new UnprotectCall("uid:1", coap, Endpoint.HOST_WIDE, "192.0.2.1:5683", inReplyTo, Endpoint.HOST_WIDE),
                now);
    }

    Unprotected unprotect(byte[] coap, byte[] inReplyTo) {
        UnprotectResult result = unprotectResult(coap, inReplyTo);
        assertThat(result).isInstanceOf(Unprotected.class);
        return (Unprotected) result;
    }

    Unprotected unprotect(byte[] request) {
        return unprotect(request, NO_REFERENCE);
    }

    /** The answer to a request that is not fresh. */
    Challenged challenged(byte[] request) {
        UnprotectResult result = unprotectResult(request, NO_REFERENCE);
        assertThat(result).isInstanceOf(NotFresh.class);
        UnprotectResult answer = engine.challenge((NotFresh) result, now);
        assertThat(answer).isInstanceOf(Challenged.class);
        return (Challenged) answer;
    }

    Discarded discarded(byte[] coap, byte[] inReplyTo) {
        UnprotectResult result = unprotectResult(coap, inReplyTo);
        assertThat(result).isInstanceOf(Discarded.class);
        return (Discarded) result;
    }

    static byte[] get(String host, String path, CoapOption... more) {
        return message(0x01, host, path, "", more);
    }

    static byte[] put(String host, String path, String payload) {
        return message(0x03, host, path, payload);
    }

    static byte[] response(int code, String payload, CoapOption... more) {
        return CoapMessage.of(CoapType.ACK, code, 7, octets("t"), List.of(more), octets(payload))
                .toOctets();
    }

    private static byte[] message(int code, String host, String path, String payload, CoapOption... more) {
        List<CoapOption> options = new ArrayList<>(List.of(more));
        options.add(new CoapOption(CoapOption.URI_HOST, octets(host)));
        options.add(new CoapOption(CoapOption.URI_PATH, octets(path)));
        options.sort((a, b) -> Integer.compare(a.number(), b.number()));
        return CoapMessage.of(CoapType.CON, code, 7, octets("t"), options, octets(payload))
                .toOctets();
    }

    static Octets octets(String text) {
        return Octets.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String payloadOf(byte[] coap) {
        return new String(CoapMessage.parse(coap).payload(), StandardCharsets.UTF_8);
    }

    @Override
    public void soft(SaId sa, ExpireCause cause) {
        wear.add("soft " + sa + " " + cause);
    }

    @Override
    public void hard(SaId sa, ExpireCause cause) {
        wear.add("hard " + sa + " " + cause);
    }

    @Override
    public void failedStep(SaId sa) {
        wear.add("failed " + sa);
    }

    @Override
    public void alarm(SaId sa, long failedOpenings) {
        wear.add("alarm " + sa + " " + failedOpenings);
    }

    @Override
    public void used(SaId sa) {
        wear.add("used " + sa);
    }

    @Override
    public void disowned(SaId outbound) {
        wear.add("disowned " + outbound);
    }

    @Override
    public void confirmed(SaId inbound) {
        wear.add("confirmed");
    }

    @Override
    public void markWanted(SaId sa, Direction direction, long mark) {
        wear.add("mark " + sa + " " + direction + " " + mark);
    }
}
