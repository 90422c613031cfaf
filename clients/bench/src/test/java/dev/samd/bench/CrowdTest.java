// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrowdTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 500})
    void messagesGoThroughWhateverTheNumberOfSas(int pairs) {
        Crowd.Cost cost = Crowd.cost(pairs, 0, 1);

        assertThat(cost.protect()).isPositive();
        assertThat(cost.unprotect()).isPositive();
    }
}
