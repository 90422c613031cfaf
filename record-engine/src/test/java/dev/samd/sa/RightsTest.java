// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RightsTest {
    private static Rights rights(int characters, int credential) {
        return new Rights("i".repeat(characters), "", "", Octets.of(new byte[credential]), Optional.of(Instant.EPOCH));
    }

    @Test
    void lengthsAreBounded() {
        assertThat(rights(1024, 64).credential().length()).isEqualTo(64);
        assertThat(catchThrowableOfType(SaException.class, () -> rights(1025, 0)))
                .hasMessage("rights of more than 1024 characters");
        assertThat(catchThrowableOfType(SaException.class, () -> rights(0, 65)))
                .hasMessage("credential name of 65 octets; at most 64 expected");
    }

    @Test
    void allTextsCountTogether() {
        SaException e = catchThrowableOfType(
                SaException.class,
                () -> new Rights("a".repeat(400), "b".repeat(400), "c".repeat(400), Octets.EMPTY, Optional.empty()));

        assertThat(e.error()).isEqualTo(SaError.MALFORMED);
    }
}
