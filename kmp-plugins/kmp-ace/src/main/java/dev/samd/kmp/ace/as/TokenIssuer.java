// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.IssuerKey;
import dev.samd.kmp.ace.token.TokenAlgorithm;
import dev.samd.kmp.ace.token.TokenWriter;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides who gets which token, and makes it with a fresh key. One token is for one resource server: a symmetric key of more
 * than one would let each speak for the client to the others.
 */
final class TokenIssuer {
    private static final int KEY = 32;
    private static final int SALT = 8;
    private static final int ID = 8;

    private final AsConfig config;
    private final RandomGenerator random;
    private final IssuedKeys keys = new IssuedKeys();

    /** @param random cryptographically strong */
    TokenIssuer(AsConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
    }

    /** What came of a request. */
    sealed interface Outcome {}

    /** A token; its receiver owns the claims, and with them the key. */
    record Issued(Octets token, AccessToken claims) implements Outcome {}

    /** No token. */
    record Denied(TokenError error, String reason) implements Outcome {}

    /**
     * What somebody wants.
     *
     * @param client name of the client
     * @param audience the resource server
     * @param scope words separated by blanks; empty for all that the client may have
     * @param format empty for the one that the server is configured with
     * @param keyId name of the key, of a token of that client for that server that has not ended; empty for a fresh one
     */
    record Wish(
            String client, String audience, String scope, Optional<AsConfig.Format> format, Optional<Octets> keyId) {}

    /** Issues a token. */
    Outcome issue(Instant now, Wish wish) {
        String client = wish.client();
        String audience = wish.audience();
        String scope = wish.scope();
        Optional<AsConfig.Client> known = config.clients().stream()
                .filter(candidate -> candidate.name().equals(client))
                .findFirst();
        if (known.isEmpty()) {
            return new Denied(TokenError.INVALID_CLIENT, "no client \"" + client + "\"");
        }
        Optional<AsConfig.ResourceServer> server = config.resourceServers().stream()
                .filter(candidate -> candidate.audience().equals(audience))
                .findFirst();
        if (server.isEmpty() || !known.get().audiences().contains(audience)) {
            return new Denied(
                    TokenError.UNAUTHORIZED_CLIENT, "client \"" + client + "\" has no audience \"" + audience + "\"");
        }
        List<String> allowed = known.get().scopes();
        String granted = scope.isEmpty() ? String.join(" ", allowed) : scope;
        if (!scope.isEmpty() && !allowed.containsAll(List.of(scope.split(" ", -1)))) {
            return new Denied(
                    TokenError.INVALID_SCOPE, "client \"" + client + "\" may not have scope \"" + scope + "\"");
        }
        AsConfig.Format chosen = wish.format().orElse(server.get().format());
        Optional<TokenWriter> writer = writer(server.get(), chosen);
        if (writer.isEmpty()) {
            return new Denied(
                    TokenError.INVALID_REQUEST, "audience \"" + audience + "\" has no key for format " + chosen);
        }
        Optional<KeyMaterial> held = wish.keyId().flatMap(keyId -> keys.find(now, keyId, client, audience));
        if (wish.keyId().isPresent() && held.isEmpty()) {
            return new Denied(TokenError.UNSUPPORTED_POP_KEY, "client \"" + client + "\" has no key of that name");
        }
        Octets id = octets(ID);
        AccessToken claims = new AccessToken(
                config.issuer(),
                client,
                audience,
                Optional.of(now.truncatedTo(ChronoUnit.SECONDS).plus(config.lifetime())),
                Optional.empty(),
                Optional.of(now.truncatedTo(ChronoUnit.SECONDS)),
                Optional.empty(),
                id,
                granted,
                octets(SALT),
                wish.keyId().orElse(Octets.of(id.toHex().getBytes(StandardCharsets.US_ASCII))),
                held.orElseGet(this::key));
        keys.issued(now, claims);
        Octets token = chosen == AsConfig.Format.CWT
                ? writer.get().cwt(claims)
                : writer.get().jwt(claims);
        return new Issued(token, claims);
    }

    /** With a key pair tokens are signed and only their key is encrypted; without, they are encrypted as a whole. */
    private Optional<TokenWriter> writer(AsConfig.ResourceServer server, AsConfig.Format format) {
        TokenAlgorithm preferred =
                format == AsConfig.Format.CWT ? TokenAlgorithm.AES_CCM_16_64_128 : TokenAlgorithm.A256KW;
        Optional<IssuerKey> shared = key(server, preferred).or(() -> key(server, TokenAlgorithm.A128GCM));
        return shared.map(key -> new TokenWriter(key(server, TokenAlgorithm.ES256), key, random));
    }

    private static Optional<IssuerKey> key(AsConfig.ResourceServer server, TokenAlgorithm algorithm) {
        return server.keys().stream()
                .filter(key -> key.algorithm() == algorithm)
                .findFirst();
    }

    private KeyMaterial key() {
        byte[] key = new byte[KEY];
        random.nextBytes(key);
        return KeyMaterial.adopt(key);
    }

    private Octets octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Octets.of(octets);
    }
}
