// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import org.junit.jupiter.api.Test;

class PrincipalTest {
    private static Endpoint peer(String principal) {
        return Principal.parse(principal).peer("HOME");
    }

    @Test
    void identityIsThePrincipalOfItsRealm() {
        assertThat(Principal.parse("coap/sensor-1@HOME").identity())
                .isEqualTo(new Identity("kerberos", IdentityType.PRINCIPAL, "HOME", "coap/sensor-1"));
    }

    @Test
    void userIsNamedAsItIsAndServiceByItsHost() {
        assertThat(peer("alice@HOME")).isEqualTo(Endpoint.parse("coap://alice"));
        assertThat(peer("coap/sensor-1@HOME")).isEqualTo(Endpoint.parse("coap://sensor-1"));
    }

    @Test
    void instanceOfAUserAndAForeignRealmAreHashed() {
        assertThat(peer("alice/sensor-1@HOME").host()).matches("[0-9a-f]{16}\\.kerberos");
        assertThat(peer("alice@AWAY").host()).matches("[0-9a-f]{16}\\.kerberos");
        assertThat(peer("alice@AWAY")).isNotEqualTo(peer("alice@FAR"));
    }

    @Test
    void principalWithoutRealmOrNameIsNone() {
        for (String text : new String[] {"alice", "@HOME", "alice@", "alice\\@HOME"}) {
            assertThatThrownBy(() -> Principal.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
