// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.ace.token.TokenVerifier;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the section {@code ace} of the configuration says.
 *
 * @param server empty where tokens are not accepted
 * @param tokens that this host has
 * @param authorizationServers that it may ask for tokens
 */
record AceSettings(Optional<Server> server, List<HeldToken> tokens, List<AskedServer> authorizationServers) {
    AceSettings {
        tokens = List.copyOf(tokens);
        authorizationServers = List.copyOf(authorizationServers);
    }

    /**
     * A resource server.
     *
     * @param requireProof whether a post without proof of possession is refused
     * @param suites that it accepts
     */
    record Server(TokenVerifier verifier, boolean requireProof, List<CipherSuite> suites) {
        Server {
            suites = List.copyOf(suites);
        }
    }

    /**
     * A token from a file, or from an authorization server.
     *
     * @param target the peer that it is for
     * @param expires when it ends, where that is known
     * @param keyId the issuer's name of the key; empty where it told none
     */
    record HeldToken(
            Endpoint target,
            String issuer,
            String audience,
            Octets token,
            KeyMaterial key,
            Octets salt,
            Optional<Instant> expires,
            Octets keyId) {}

    /**
     * An authorization server.
     *
     * @param target pattern of the peers that its tokens are for
     * @param uri where it is asked, at the path "/token"
     * @param audience of the tokens; <code>{host}</code> stands for the peer's host
     * @param scope empty: as the server decides
     * @param clientId empty: as the transport tells
     */
    record AskedServer(String target, Endpoint uri, String issuer, String audience, String scope, String clientId) {
        String audienceOf(Endpoint peer) {
            return audience.replace("{host}", peer.host());
        }
    }
}
