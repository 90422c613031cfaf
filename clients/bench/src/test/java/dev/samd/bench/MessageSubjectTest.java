// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two sides of the message table do the same work. */
class MessageSubjectTest {
    private static final SaSpec SPEC = SaSpec.messages(300);
    private static final byte[] REQUEST = Requests.put(SPEC.host(), 64);

    private enum Side {
        SAMD,
        OSCORE;

        MessageSubject subject() {
            return this == SAMD ? new SamdMessages(new EnginePair(), SPEC) : new OscoreMessages(SPEC.host());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRequestComesOutAsItWentIn(Side side) {
        MessageSubject subject = side.subject();

        for (int i = 0; i < 100; i++) {
            assertThat(subject.unprotect(subject.protect(REQUEST))).isEqualTo(REQUEST);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pathAndPayloadAreNotInClear(Side side) {
        byte[] message = side.subject().protect(REQUEST);

        assertThat(new String(message, StandardCharsets.ISO_8859_1))
                .doesNotContain("sensors")
                .doesNotContain("abcdefgh");
        assertThat(CoapMessage.parse(message).option(CoapOption.URI_HOST)).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void noMessageIsTakenTwice(Side side) {
        MessageSubject subject = side.subject();
        byte[] message = subject.protect(REQUEST);
        subject.unprotect(message);

        assertThatThrownBy(() -> subject.unprotect(message))
                .as(side.name().toLowerCase(Locale.ROOT))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void afterARestartTheSameMessagesComeAndGoAgain(Side side) {
        MessageSubject subject = side.subject();
        byte[] message = subject.protect(REQUEST);
        subject.unprotect(message);

        subject.restart();

        assertThat(subject.protect(REQUEST)).isEqualTo(message);
        assertThat(subject.unprotect(message)).isEqualTo(REQUEST);
    }
}
