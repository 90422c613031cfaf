// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.ace.as.AsParty;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Octets;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A client and the server "rs1", for the drivers of the testkit. */
final class AceParties {
    private AceParties() {}

    /** The client has a token. */
    static Parties holding(Octets token, long seed) {
        return new Parties(
                new AceKmp(new AceSettings(Optional.empty(), List.of(Hosts.held(token)), List.of()), new Random(seed)),
                server(seed),
                Hosts.need(),
                Tokens.NOW);
    }

    /** The client asks for a token. */
    static Parties asking(AsParty as, long seed) {
        AceSettings.AskedServer asked = new AceSettings.AskedServer(
                "coap://sensor-*", AsParty.URI, Tokens.ISSUER, Tokens.AUDIENCE, "read", AsParty.CLIENT);
        return new Parties(
                new AceKmp(new AceSettings(Optional.empty(), List.of(), List.of(asked)), new Random(seed)),
                server(seed),
                Hosts.need(),
                as,
                Tokens.NOW);
    }

    private static AceKmp server(long seed) {
        AceSettings.Server settings = new AceSettings.Server(
                Tokens.verifier(),
                true,
                List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8));
        return new AceKmp(new AceSettings(Optional.of(settings), List.of(), List.of()), new Random(seed + 1_000_000));
    }
}
