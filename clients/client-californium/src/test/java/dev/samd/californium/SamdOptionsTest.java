// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.junit.jupiter.api.Test;

class SamdOptionsTest {
    private final SamdOptions options = SamdOptions.of(null);

    private static Request get(String... segments) {
        return request(Code.GET, segments);
    }

    private static Request request(Code code, String... segments) {
        Request request = new Request(code);
        for (String segment : segments) {
            request.getOptions().addUriPath(segment);
        }
        return request;
    }

    private static void assertClear(SamdOptions options, Request request, boolean clear) {
        assertThat(options.clear().letOut(request)).isEqualTo(clear);
        assertThat(options.clear().letIn(request)).isEqualTo(clear);
    }

    @Test
    void nothingIsInClearUnlessItIsNamed() {
        assertClear(options, get(), false);
        assertClear(options, get("a"), false);
    }

    @Test
    void aNamedPathIsInClearAndNothingElse() {
        SamdOptions named = options.withClearPaths("/a/b");

        assertClear(named, get("a", "b"), true);
        assertClear(named, get("a"), false);
        assertClear(named, get("a", "b", "c"), false);
        assertClear(named, get("a/b"), false);
        assertClear(named, get("A", "b"), false);
    }

    @Test
    void aNamedPathIsNotInClearWhereItIsForAProxy() {
        SamdOptions named = options.withClearPaths("/a");

        Request byScheme = get("a");
        byScheme.getOptions().setProxyScheme("coap");
        Request byUri = get("a");
        byUri.getOptions().setProxyUri("coap://server/a");

        assertClear(named, byScheme, false);
        assertClear(named, byUri, false);
    }

    @Test
    void ofARelayOnlyThePostArrivesInClearAndNothingLeaves() {
        ClearPaths clear =
                options.withRelay("/authz-info", "/.well-known/samd/rekey").clear();

        assertThat(clear.letIn(request(Code.POST, "authz-info"))).isTrue();
        assertThat(clear.letIn(request(Code.POST, ".well-known", "samd", "rekey")))
                .isTrue();
        assertThat(clear.letOut(request(Code.POST, "authz-info"))).isFalse();
        for (Code other : EnumSet.complementOf(EnumSet.of(Code.POST))) {
            assertThat(clear.letIn(request(other, "authz-info")))
                    .as(other.name())
                    .isFalse();
        }
        assertThat(clear.letIn(request(Code.POST, "authz-info", "below"))).isFalse();
        assertThat(clear.letIn(request(Code.POST, ".well-known", "samd"))).isFalse();
    }

    @Test
    void whatBeginsLikeARecordArrivesInClearAtARelayUnlessItSaysThatItIsProtected() {
        ClearPaths clear = options.withRelay("/authz-info").clear();
        Request record = request(Code.POST, "authz-info");
        record.setPayload(new byte[] {23, (byte) 0xfe, (byte) 0xfd, 0, 1});
        Request marked = request(Code.POST, "authz-info");
        marked.getOptions().addOption(new Option(OuterSigns.DTLS_RECORD, new byte[0]));
        Request payloadOnly = request(Code.POST, "authz-info");
        payloadOnly.getOptions().setContentFormat(65_001);

        assertThat(clear.letIn(record)).isTrue();
        assertThat(clear.letIn(marked)).isFalse();
        assertThat(clear.letIn(payloadOnly)).isFalse();
    }

    @Test
    void relaysAndClearPathsDoNotReplaceEachOther() {
        ClearPaths clear = options.withRelay("/r").withClearPaths("/c").clear();

        assertThat(clear).isEqualTo(new ClearPaths(Set.of("/c"), Set.of("/r")));
    }

    @Test
    void aPathThatIsNoneIsRefused() {
        assertThatThrownBy(() -> options.withRelay("authz-info")).hasMessageContaining("authz-info");
        assertThatThrownBy(() -> options.withClearPaths("a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a/b");
    }

    @Test
    void boundsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> options.withCallTimeout(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> options.withAcquireTimeout(Duration.ofSeconds(-3)))
                .hasMessageContaining("PT-3S");
        assertThatThrownBy(() -> options.withGrace(Duration.ofSeconds(-1))).hasMessageContaining("PT-1S");
        assertThatThrownBy(() -> options.withMaxParked(0)).hasMessageContaining("0");
    }

    @Test
    void theDaemonIsAskedToAnswerBeforeThisSideGivesUp() {
        assertThat(options.withCallTimeout(Duration.ofSeconds(5)).patience()).isEqualTo(Duration.ofSeconds(4));
        assertThat(options.withCallTimeout(Duration.ofMillis(500)).patience()).isEqualTo(Duration.ofMillis(400));
        assertThat(options.withAcquireTimeout(Duration.ofSeconds(30)).acquirePatience())
                .isEqualTo(Duration.ofSeconds(29));
    }
}
