// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.ace.token.IssuerKey;
import dev.samd.kmp.ace.token.IssuerKeys;
import dev.samd.kmp.ace.token.TokenAlgorithm;
import dev.samd.kmp.ace.token.TokenVerifier;
import dev.samd.kmp.kit.Section;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the KMP from its section {@code ace}, which docs/ace.md describes. */
public final class AceProvider implements KmpProvider {
    private static final Set<String> SECTION = Set.of("server", "client");
    private static final Set<String> SERVER = Set.of("audience", "issuers", "require_pop", "suites", "skew");
    private static final Set<String> ISSUER = Set.of("issuer", "keys");
    private static final Set<String> KEY = Set.of("kid", "alg", "key");
    private static final Set<String> CLIENT = Set.of("tokens", "as");
    private static final Set<String> TOKEN = Set.of("target", "issuer", "audience", "token", "key", "salt", "expires");
    private static final Set<String> AS = Set.of("target", "uri", "issuer", "audience", "scope", "client_id");

    private static final int MIN_KEY = 16;

    /** Tags of 16 octets first; those of 8 octets last. */
    private static final List<CipherSuite> DEFAULT_SUITES = List.of(
            CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM,
            CipherSuite.TLS_PSK_WITH_AES_256_CCM,
            CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            CipherSuite.TLS_PSK_WITH_AES_256_CCM_8);

    @Override
    public String name() {
        return AceKmp.NAME;
    }

    @Override
    public Kmp create(KmpSetup setup) {
        Section section = Section.of(AceKmp.NAME, setup.section(), setup.directory(), SECTION);
        Optional<Section> client = section.section("client", CLIENT);
        AceSettings settings = new AceSettings(
                section.section("server", SERVER).map(AceProvider::server),
                client.map(AceProvider::tokens).orElse(List.of()),
                client.map(AceProvider::authorizationServers).orElse(List.of()));
        if (settings.server().isEmpty()
                && settings.tokens().isEmpty()
                && settings.authorizationServers().isEmpty()) {
            throw new KmpConfigException("ace: neither server nor client has anything to do");
        }
        return new AceKmp(settings, setup.random());
    }

    private static AceSettings.Server server(Section server) {
        List<IssuerKey> keys = new ArrayList<>();
        for (Section issuer : server.sections("issuers", ISSUER)) {
            for (Section key : issuer.sections("keys", KEY)) {
                keys.add(key(issuer.text("issuer"), key));
            }
        }
        if (keys.isEmpty()) {
            throw server.refused("issuers", "no issuer with a key");
        }
        List<CipherSuite> suites = server.texts("suites", CipherSuite::parse);
        int skew = server.numberOr("skew", (int) TokenVerifier.DEFAULT_SKEW.toSeconds());
        return new AceSettings.Server(
                new TokenVerifier(server.text("audience"), new IssuerKeys(keys), Duration.ofSeconds(skew)),
                server.flagOr("require_pop", true),
                suites.isEmpty() ? DEFAULT_SUITES : suites);
    }

    private static IssuerKey key(String issuer, Section key) {
        TokenAlgorithm algorithm = key.text("alg", AceProvider::algorithm);
        return key.file("key", text -> IssuerKey.parse(issuer, key.text("kid"), algorithm, text));
    }

    private static TokenAlgorithm algorithm(String text) {
        return TokenAlgorithm.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is none of AES-CCM-16-64-128, A128GCM, A256KW, ES256"));
    }

    private static List<AceSettings.HeldToken> tokens(Section client) {
        List<AceSettings.HeldToken> tokens = new ArrayList<>();
        for (Section token : client.sections("tokens", TOKEN)) {
            tokens.add(new AceSettings.HeldToken(
                    token.text("target", Endpoint::parse),
                    token.text("issuer"),
                    token.text("audience"),
                    token(token.file("token")),
                    token.file("key", AceProvider::popKey),
                    token.textOr("salt", "").isEmpty() ? Octets.EMPTY : token.text("salt", Octets::ofHex),
                    expires(token),
                    Octets.EMPTY));
        }
        return tokens;
    }

    /** A JWT is a text, and a file of text often ends in a new line. */
    private static Octets token(byte[] file) {
        Octets token = Octets.of(file);
        return TokenVerifier.looksLikeJwt(token)
                ? Octets.of(new String(file, StandardCharsets.US_ASCII).strip().getBytes(StandardCharsets.US_ASCII))
                : token;
    }

    private static KeyMaterial popKey(String hex) {
        byte[] key;
        try {
            key = HexFormat.of().parseHex(hex.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a key that is not hexadecimal");
        }
        if (key.length < MIN_KEY) {
            throw new IllegalArgumentException("a key of " + key.length + " octets; at least " + MIN_KEY + " expected");
        }
        return KeyMaterial.adopt(key);
    }

    private static Optional<Instant> expires(Section token) {
        String text = token.textOr("expires", "");
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw token.refused("expires", "\"" + text + "\" is no time like 2027-01-31T12:00:00Z");
        }
    }

    private static List<AceSettings.AskedServer> authorizationServers(Section client) {
        return client.sections("as", AS).stream()
                .map(as -> new AceSettings.AskedServer(
                        as.textOr("target", "*"),
                        as.text("uri", Endpoint::parse),
                        as.text("issuer"),
                        as.text("audience"),
                        as.textOr("scope", ""),
                        as.textOr("client_id", "")))
                .toList();
    }
}
