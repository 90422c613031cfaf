// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Need;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Glob;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens of this host, from files and from authorization servers, and whom else to ask. Confined to the driver's thread;
 * owns the keys.
 */
final class Wallet {
    /** A token that ends sooner is not worth an SA. */
    private static final Duration MIN_LIFE = Duration.ofSeconds(10);

    /** Two ends that are no further apart are of the same token: told by two clocks, or with and without the way. */
    private static final Duration SAME_END = Duration.ofSeconds(60);

    private final List<AceSettings.HeldToken> held;
    private final List<AceSettings.AskedServer> servers;
    private final Map<Endpoint, AceSettings.HeldToken> issued = new HashMap<>();

    Wallet(AceSettings settings) {
        this.held = settings.tokens();
        this.servers = settings.authorizationServers();
    }

    /**
     * A token that an acquire can be answered with now.
     *
     * @param outlived the end of the one before it, which it has to outlive
     */
    Optional<AceSettings.HeldToken> token(Instant now, Need need, Optional<Instant> outlived) {
        Instant after = outlived.map(end -> end.plus(SAME_END)).orElseGet(() -> now.plus(MIN_LIFE));
        Optional<AceSettings.HeldToken> fromFile = held.stream()
                .filter(token -> token.target().equals(need.target()) && fits(after, need, token))
                .findFirst();
        return fromFile.or(
                () -> Optional.ofNullable(issued.get(need.target())).filter(token -> fits(after, need, token)));
    }

    /** The server that may issue one. */
    Optional<AceSettings.AskedServer> server(Need need) {
        return servers.stream()
                .filter(server -> Glob.fits(server.target(), need.target().uri())
                        && isAcceptable(need, server.issuer(), server.audienceOf(need.target())))
                .findFirst();
    }

    /** The name of the key of the token that a server issued last for a peer. */
    Optional<Octets> keyId(AceSettings.AskedServer server, Endpoint peer) {
        return Optional.ofNullable(issued.get(peer))
                .filter(token -> token.issuer().equals(server.issuer())
                        && token.audience().equals(server.audienceOf(peer)))
                .map(AceSettings.HeldToken::keyId)
                .filter(keyId -> !keyId.isEmpty());
    }

    /** A server issued a token, which takes the place of the one before it. Takes the key over. */
    void issued(AceSettings.HeldToken token) {
        AceSettings.HeldToken before = issued.put(token.target(), token);
        if (before != null) {
            before.key().close();
        }
    }

    /** The peer did not take a token: the server is asked for another one next time. */
    void refused(AceSettings.HeldToken token) {
        if (issued.remove(token.target(), token)) {
            token.key().close();
        }
    }

    private static boolean fits(Instant after, Need need, AceSettings.HeldToken token) {
        return token.expires().map(after::isBefore).orElse(true)
                && isAcceptable(need, token.issuer(), token.audience());
    }

    private static boolean isAcceptable(Need need, String issuer, String audience) {
        Identity identity = server(issuer, audience);
        return need.acceptable().stream().anyMatch(pattern -> pattern.fits(identity, need.target()));
    }

    /** What the holder of a token knows of the server: it has the keys of that audience. */
    static Identity server(String issuer, String audience) {
        return new Identity(AceKmp.NAME, IdentityType.TOKEN, issuer, audience);
    }
}
