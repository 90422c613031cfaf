// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Octets;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.junit.jupiter.api.Test;

class EchoMemoryTest {
    private static final Octets VALUE = Octets.ofHex("0102");

    private final EchoMemory memory = new EchoMemory();

    @Test
    void lastValueOfATargetIsKept() {
        memory.remember("coap://a", VALUE);
        memory.remember("coap://a", Octets.ofHex("03"));

        assertThat(memory.of("coap://a")).contains(Octets.ofHex("03"));
        assertThat(memory.of("coap://b")).isEmpty();
    }

    @Test
    void targetThatWasAskedForTheLongestAgoGoesFirst() {
        for (int i = 0; i < EchoMemory.TARGETS; i++) {
            memory.remember("coap://" + i, VALUE);
        }
        assertThat(memory.of("coap://0")).contains(VALUE);

        memory.remember("coap://more", VALUE);

        assertThat(memory.of("coap://0")).contains(VALUE);
        assertThat(memory.of("coap://1")).isEmpty();
        assertThat(memory.of("coap://more")).contains(VALUE);
    }

    private static Request to(String destination) {
        Request request = new Request(Code.GET);
        request.setDestinationContext(new AddressEndpointContext(destination, 5683));
        return request;
    }

    @Test
    void targetIsWhatTheRequestNamesAndNotItsPath() throws Exception {
        Request direct = to("192.0.2.1");
        direct.getOptions().setUriPath("a");
        Request proxied = to("192.0.2.1");
        proxied.getOptions().setProxyUri("coap://server.example/a?b");
        Request other = to("192.0.2.2");
        other.getOptions().setProxyUri("coap://server.example/c");
        Request split = to("192.0.2.1");
        split.getOptions().setProxyScheme("coap").setUriHost("server.example").setUriPath("c");

        assertThat(MessageConverter.target(direct)).isEqualTo("coap://192.0.2.1");
        assertThat(List.of(MessageConverter.target(proxied), MessageConverter.target(other)))
                .containsOnly("coap://server.example");
        assertThat(MessageConverter.target(split)).startsWith("coap://server.example");
    }
}
