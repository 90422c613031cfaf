// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.testkit.KmpContractTest;
import dev.samd.kmp.testkit.Parties;
import java.time.Instant;
import java.util.Random;

/** The contract holds for the toy, so that what it finds in another KMP is that one's. */
class ToyKmpContractTest extends KmpContractTest {
    @Override
    protected Parties parties(long seed) {
        return new Parties(
                new ToyKmp(new Random(seed)),
                new ToyKmp(new Random(seed + 1)),
                ToyKmp.need(11),
                Instant.parse("2026-11-24T12:00:00Z"));
    }
}
