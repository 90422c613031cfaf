// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.kmp.testkit.KmpContractTest;
import dev.samd.kmp.testkit.Parties;

/** LESS keeps what every KMP has to keep. */
class LessKmpContractTest extends KmpContractTest {
    @Override
    protected Parties parties(long seed) {
        return LessParties.parties(seed);
    }
}
