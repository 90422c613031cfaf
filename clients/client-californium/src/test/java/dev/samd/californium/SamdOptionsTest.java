// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.eclipse.californium.core.coap.OptionSet;
import org.junit.jupiter.api.Test;

class SamdOptionsTest {
    private final SamdOptions options = SamdOptions.of(null);

    private static OptionSet path(String... segments) {
        OptionSet set = new OptionSet();
        for (String segment : segments) {
            set.addUriPath(segment);
        }
        return set;
    }

    @Test
    void nothingIsInClearUnlessItIsNamed() {
        assertThat(options.inClear(path())).isFalse();
        assertThat(options.inClear(path("a"))).isFalse();
    }

    @Test
    void aNamedPathIsInClearAndNothingElse() {
        SamdOptions named = options.withClearPaths("/a/b");

        assertThat(named.inClear(path("a", "b"))).isTrue();
        assertThat(named.inClear(path("a"))).isFalse();
        assertThat(named.inClear(path("a", "b", "c"))).isFalse();
        assertThat(named.inClear(path("a/b"))).isFalse();
        assertThat(named.inClear(path("A", "b"))).isFalse();
    }

    @Test
    void aNamedPathIsNotInClearWhereItIsForAProxy() {
        SamdOptions named = options.withClearPaths("/a");

        assertThat(named.inClear(path("a").setProxyScheme("coap"))).isFalse();
        assertThat(named.inClear(path("a").setProxyUri("coap://server/a"))).isFalse();
    }

    @Test
    void aPathThatIsNoneIsRefused() {
        assertThatThrownBy(() -> options.withClearPaths("a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a/b");
    }

    @Test
    void boundsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> options.withCallTimeout(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> options.withGrace(Duration.ofSeconds(-1))).hasMessageContaining("PT-1S");
        assertThatThrownBy(() -> options.withMaxParked(0)).hasMessageContaining("0");
    }

    @Test
    void theDaemonIsAskedToAnswerBeforeThisSideGivesUp() {
        assertThat(options.withCallTimeout(Duration.ofSeconds(5)).patience()).isEqualTo(Duration.ofSeconds(4));
    }
}
