// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.coap.PathPattern;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySelectorTest {
    private static PolicySelector ofPeer(String peer) {
        return new PolicySelector(Optional.empty(), Endpoint.HOST_WIDE, peer, 0, PathPattern.ANY);
    }

    @ParameterizedTest
    @CsvSource({
        "coap://a,             coap://a,             true",
        "COAP://A:5683/,       coap://a,             true",
        "coap://a,             coap://a:1,           false",
        "coap://a-*,           coap://a-1,           true",
        "coap://A-*,           coap://a-1,           true",
        "coap://a-*,           coap://a-1:7,         true",
        "coap://a-*,           coap://b-1,           false",
        "coap://*:7,           coap://x:7,           true",
        "coap://*:7,           coap://x,             false",
        "coap://x:*,           coap://x:99,          true",
        "coap://x:*,           coap://x,             false",
        "coap*://x,            coaps://x,            true",
        "coap*,                coap+tcp://x,         true",
        "*,                    coap://x,             true",
        "*.example,            coap://x.example,     true",
        "'coap://[2001:db8:*]','coap://[2001:db8::1]', true",
        "'',                   coap://x,             true",
    })
    void peerFitsItsPattern(String pattern, String peer, boolean fits) {
        assertThat(ofPeer(pattern).fitsPeer(Endpoint.parse(peer))).isEqualTo(fits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sensor-*",
                "http://*",
                "coap://a*:5683",
                "coap://a*/",
                "coap://a*/path",
                "coap://a* b",
                "coap://a\\*",
                "coap://[2001:db8:*",
                "sensor-1",
            })
    void patternThatNoNameFitsIsRefused(String pattern) {
        SaException e = catchThrowableOfType(SaException.class, () -> ofPeer(pattern));

        assertThat(e.error()).isEqualTo(SaError.MALFORMED_ENDPOINT);
        assertThat(e).hasMessageContaining("\"" + pattern + "\"");
    }

    @Test
    void methodsAreReadAndWrittenByName() {
        PolicySelector selector = new PolicySelector(
                Optional.empty(),
                Endpoint.HOST_WIDE,
                "",
                PolicySelector.methodsOf(List.of("put", "GET", "IPATCH")),
                PathPattern.ANY);

        assertThat(selector.methodNames()).containsExactly("GET", "PUT", "iPATCH");
        assertThat(PolicySelector.ALL.methodNames()).isEmpty();
        assertThat(catchThrowableOfType(SaException.class, () -> PolicySelector.methodsOf(List.of("LOOK"))))
                .hasMessageContaining("method \"LOOK\" is none of [GET, POST, PUT, DELETE, FETCH, PATCH, iPATCH]");
    }
}
