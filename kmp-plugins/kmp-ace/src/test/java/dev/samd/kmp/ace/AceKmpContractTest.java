// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.ace.as.AsParty;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.kmp.testkit.KmpContractTest;
import dev.samd.kmp.testkit.Parties;
import org.junit.jupiter.api.Nested;

/** Tokens keep the contract of a KMP, wherever they come from. */
class AceKmpContractTest {
    @Nested
    class WithACwtFromAFile extends KmpContractTest {
        @Override
        protected Parties parties(long seed) {
            return AceParties.holding(Tokens.cwt(Tokens.valid()), seed);
        }
    }

    @Nested
    class WithAJwtFromAFile extends KmpContractTest {
        @Override
        protected Parties parties(long seed) {
            return AceParties.holding(Tokens.jwt(Tokens.valid()), seed);
        }
    }

    @Nested
    class WithACwtFromItsServer extends KmpContractTest {
        @Override
        protected Parties parties(long seed) {
            return AceParties.asking(AsParty.ofCwts(seed), seed);
        }
    }

    @Nested
    class WithAJwtFromItsServer extends KmpContractTest {
        @Override
        protected Parties parties(long seed) {
            return AceParties.asking(AsParty.ofJwts(seed), seed);
        }
    }
}
