// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.ace.token.IssuerKey;
import dev.samd.kmp.ace.token.TokenAlgorithm;
import dev.samd.kmp.kit.Section;
import dev.samd.sa.KeyMaterial;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What the file of the authorization server says.
 *
 * @param issuer its name in tokens
 * @param listen where it is asked, "HOST:PORT"
 * @param lifetime of its tokens
 */
record AsConfig(
        String issuer, String listen, Duration lifetime, List<Client> clients, List<ResourceServer> resourceServers) {
    private static final Set<String> FILE = Set.of("issuer", "listen", "lifetime", "clients", "resource_servers");
    private static final Set<String> CLIENT = Set.of("name", "psk_identity", "psk", "audiences", "scopes");
    private static final Set<String> SERVER = Set.of("audience", "format", "keys");
    private static final Set<String> KEY = Set.of("kid", "alg", "key");
    private static final int DEFAULT_LIFETIME = 3600;

    AsConfig {
        clients = List.copyOf(clients);
        resourceServers = List.copyOf(resourceServers);
    }

    /** The formats of tokens. */
    enum Format {
        CWT,
        JWT;

        static Format parse(String text) {
            return switch (text) {
                case "cwt" -> CWT;
                case "jwt" -> JWT;
                default -> throw new IllegalArgumentException("\"" + text + "\" is none of cwt, jwt");
            };
        }
    }

    /**
     * Who may have tokens.
     *
     * @param pskIdentity how it names itself in the DTLS handshake
     * @param psk empty: it is issued tokens by hand only
     * @param audiences whom its tokens may be for
     * @param scopes words that they may allow
     */
    record Client(
            String name, String pskIdentity, Optional<KeyMaterial> psk, List<String> audiences, List<String> scopes) {
        Client {
            audiences = List.copyOf(audiences);
            scopes = List.copyOf(scopes);
        }
    }

    /**
     * Whom tokens are for.
     *
     * @param keys shared with it, and the key pair of this server if its tokens are signed
     */
    record ResourceServer(String audience, Format format, List<IssuerKey> keys) {
        ResourceServer {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Reads the file.
     *
     * @throws KmpConfigException naming the key and the value that cannot be
     */
    static AsConfig read(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0); // no list in itself
        try (Reader reader = Files.newBufferedReader(file)) {
            Object map = new Yaml(new SafeConstructor(options)).load(reader);
            Path directory = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
            return of(Section.of("ace-as", map == null ? List.of() : map, directory, FILE));
        } catch (IOException e) {
            throw new KmpConfigException("cannot read " + file);
        } catch (YAMLException e) {
            throw new KmpConfigException(file + " is not YAML: " + e.getMessage());
        }
    }

    private static AsConfig of(Section file) {
        String issuer = file.text("issuer");
        return new AsConfig(
                issuer,
                file.textOr("listen", "127.0.0.1:5684"),
                Duration.ofSeconds(file.numberOr("lifetime", DEFAULT_LIFETIME)),
                file.sections("clients", CLIENT).stream().map(AsConfig::client).toList(),
                file.sections("resource_servers", SERVER).stream()
                        .map(server -> resourceServer(issuer, server))
                        .toList());
    }

    private static Client client(Section client) {
        String name = client.text("name");
        boolean hasPsk = !client.textOr("psk", "").isEmpty();
        return new Client(
                name,
                client.textOr("psk_identity", name),
                hasPsk ? Optional.of(client.file("psk", AsConfig::psk)) : Optional.empty(),
                client.texts("audiences"),
                client.texts("scopes"));
    }

    private static KeyMaterial psk(String hex) {
        try {
            return KeyMaterial.adopt(HexFormat.of().parseHex(hex.strip()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a key that is not hexadecimal");
        }
    }

    private static ResourceServer resourceServer(String issuer, Section server) {
        List<IssuerKey> keys = new ArrayList<>();
        for (Section key : server.sections("keys", KEY)) {
            TokenAlgorithm algorithm = key.text("alg", text -> TokenAlgorithm.parse(text)
                    .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no algorithm of tokens")));
            IssuerKey read = key.file("key", text -> IssuerKey.parse(issuer, key.text("kid"), algorithm, text));
            if (!read.canIssue()) {
                throw key.refused("key", "a private key expected");
            }
            keys.add(read);
        }
        return new ResourceServer(server.text("audience"), server.text("format", Format::parse), keys);
    }
}
