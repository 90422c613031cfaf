// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.californium.SamdPrincipal;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Octets;
import dev.samd.sa.Rights;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static final EnumSet<Code> READING = EnumSet.of(Code.GET, Code.FETCH);

    private static SamdPrincipal peer(Rights rights) {
        Endpoint name = Endpoint.parse("coap://device-7");
        return new SamdPrincipal(
                new Identity("ace", IdentityType.TOKEN, "coaps://as.example", "device-7"),
                name,
                Set.of(name),
                new SaId(1),
                Spi.ofHex("2b01"),
                rights);
    }

    private static SamdPrincipal withScope(String scope) {
        return peer(new Rights("coaps://as.example", "device-7", scope, Octets.EMPTY, Optional.empty()));
    }

    private static EnumSet<Code> allowed(SamdPrincipal peer) {
        EnumSet<Code> allowed = EnumSet.noneOf(Code.class);
        for (Code code : Code.values()) {
            if (Access.allows(peer, code)) {
                allowed.add(code);
            }
        }
        return allowed;
    }

    @Test
    void theScopeSaysWhatACredentialAllows() {
        assertThat(allowed(withScope("read"))).isEqualTo(READING);
        assertThat(allowed(withScope("write"))).isEqualTo(EnumSet.complementOf(READING));
        assertThat(allowed(withScope("other read write"))).isEqualTo(EnumSet.allOf(Code.class));
    }

    @Test
    void aCredentialWhoseScopeIsOfSomethingElseAllowsNothing() {
        assertThat(allowed(withScope(""))).isEmpty();
        assertThat(allowed(withScope("reading"))).isEmpty();
        assertThat(allowed(withScope("READ"))).isEmpty();
    }

    @Test
    void withoutCredentialEverythingIsAllowed() {
        assertThat(allowed(peer(Rights.NONE))).isEqualTo(EnumSet.allOf(Code.class));
    }

    @Test
    void aTicketSaysWhoItIsAndWhenItEndsAndThePolicyLetItIn() {
        Endpoint name = Endpoint.parse("coap://device-7");
        SamdPrincipal peer = new SamdPrincipal(
                new Identity("kerberos", IdentityType.PRINCIPAL, "EXAMPLE.ORG", "device-7"),
                name,
                Set.of(name),
                new SaId(1),
                Spi.ofHex("2b01"),
                new Rights("EXAMPLE.ORG", "device-7", "", Octets.EMPTY, Optional.of(Instant.EPOCH)));

        assertThat(allowed(peer)).isEqualTo(EnumSet.allOf(Code.class));
    }

    @Test
    void whomNobodyVouchesForMayRead() {
        assertThat(allowed(null)).isEqualTo(READING);
    }
}
