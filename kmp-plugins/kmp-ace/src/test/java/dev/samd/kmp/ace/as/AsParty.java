// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** The authorization server of {@link Tokens} as a third party of a test's network, for its client "device-1". */
public final class AsParty implements Function<Outgoing, Optional<Answer>> {
    /** Where it is asked. */
    public static final Endpoint URI = Endpoint.parse("coaps://as.example");
    /** Its client. */
    public static final String CLIENT = "device-1";

    private final TokenEndpoint endpoint;
    private Instant now = Tokens.NOW;

    private AsParty(AsConfig.Format format, long seed) {
        AsConfig config = new AsConfig(
                Tokens.ISSUER,
                "127.0.0.1:0",
                Duration.ofHours(1),
                List.of(new AsConfig.Client(
                        CLIENT,
                        CLIENT,
                        Optional.of(KeyMaterial.adopt(Octets.ofHex(AsFiles.PSK).toArray())),
                        List.of(Tokens.AUDIENCE),
                        List.of("read"))),
                List.of(new AsConfig.ResourceServer(Tokens.AUDIENCE, format, List.of(Tokens.ccm(), Tokens.wrap()))));
        endpoint = new TokenEndpoint(config, new TokenIssuer(config, new Random(seed)));
    }

    public static AsParty ofCwts(long seed) {
        return new AsParty(AsConfig.Format.CWT, seed);
    }

    public static AsParty ofJwts(long seed) {
        return new AsParty(AsConfig.Format.JWT, seed);
    }

    /** Its clock goes on. */
    public void at(Instant time) {
        now = time;
    }

    @Override
    public Optional<Answer> apply(Outgoing request) {
        return request.to().equals(URI) && request.path().equals("/token")
                ? Optional.of(endpoint.answer(now, CLIENT, request.contentFormat(), request.payload()))
                : Optional.empty();
    }
}
