// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.PEER;
import static dev.samd.daemon.sadb.SadbFixture.byId;
import static dev.samd.daemon.sadb.SadbFixture.withIdentity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.policy.Policies;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import org.junit.jupiter.api.Test;

/** Which peers an SA may be used for is the policies' word, computed when it is installed and when they change. */
class ScopeTest {
    private static final Identity TOKEN = new Identity("ace", IdentityType.TOKEN, "coaps://as.example", "sensor-1");

    private final SadbFixture f = new SadbFixture();

    @Test
    void keysByHandSpeakForTheirOwnPeer() {
        SadbEntry entry = f.add(f.outbound("01"));

        assertThat(entry.scope()).containsExactly(PEER);
    }

    @Test
    void anIdentityThatNoPolicyNamesSpeaksForNobody() { // T39
        SadbEntry entry = f.add(withIdentity(f.outbound("01"), TOKEN));

        assertThat(entry.scope()).isEmpty();
    }

    @Test
    void aChangeOfPoliciesIsOneEventBeforeWhichTheGateChanges() { // T41
        f.add(f.outbound("01"));
        f.changes.clear();

        int rescoped =
                f.seen(f.sadb.policyChanged(f.now(), ALICE, Policies.NONE)).reply();

        assertThat(rescoped).isZero();
        assertThat(f.sadb.policies()).isSameAs(Policies.NONE);
        assertThat(f.changes).singleElement().isInstanceOf(Change.Governed.class);
        assertThat(f.lastEvent()).isInstanceOfSatisfying(SadbEvent.PoliciesChanged.class, changed -> {
            assertThat(changed.principal()).isEqualTo(ALICE);
            assertThat(changed.count()).isZero();
            assertThat(changed.revision()).isEqualTo(f.sadb.cursor().revision());
        });
        assertThat(f.sadb.dump(SaFilter.ALL).entries())
                .allSatisfy(entry -> assertThat(f.sadb.get(byId(entry)).scope()).containsExactly(PEER));
    }
}
