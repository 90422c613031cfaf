// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import com.upokecenter.cbor.CBORObject;
import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.kmp.Answer;
import dev.samd.kmp.ace.ProfileLabels;
import dev.samd.kmp.ace.token.IssuerKey;
import dev.samd.kmp.ace.token.TokenAlgorithm;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Requests for tokens by a client that has shown its key: whatever is granted is for an audience and within scopes that the client
 * may have, and whatever is not is answered by an error that the profile has.
 */
public final class TokenRequestTarget implements FuzzTarget {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String CLIENT = "device-1";
    private static final List<String> SCOPES = List.of("read", "write");

    private final AsConfig config = new AsConfig(
            "as.example",
            "127.0.0.1:0",
            Duration.ofHours(1),
            List.of(new AsConfig.Client(
                    CLIENT, CLIENT, Optional.of(KeyMaterial.adopt(new byte[16])), List.of("rs1", "rs9"), SCOPES)),
            List.of(server("rs1"), server("rs2")));

    private static AsConfig.ResourceServer server(String audience) {
        IssuerKey key = IssuerKey.parse("as.example", "k1", TokenAlgorithm.AES_CCM_16_64_128, "40".repeat(16));
        return new AsConfig.ResourceServer(audience, AsConfig.Format.CWT, List.of(key));
    }

    @Override
    public boolean run(byte[] input) {
        // It remembers the keys that it has issued: a new one for each input.
        TokenEndpoint endpoint = new TokenEndpoint(config, new TokenIssuer(config, new Random(1)));
        Answer answer = endpoint.answer(NOW, CLIENT, ProfileLabels.ACE_CBOR, Octets.of(input));
        if (answer.code() != Answer.CREATED) {
            Finding.unless(answer.code() >> 5 == 4, "an error of the server's own: " + answer.code());
            return false;
        }
        CBORObject granted = CBORObject.DecodeFromBytes(answer.payload().toArray());
        String scope = granted.get(ProfileLabels.SCOPE).AsString();
        Finding.unless(SCOPES.containsAll(List.of(scope.split(" ", -1))), "a scope that the client may not have");
        Finding.unless(granted.ContainsKey(ProfileLabels.ACCESS_TOKEN), "a grant without a token");
        String asked =
                CBORObject.DecodeFromBytes(input).get(ProfileLabels.AUDIENCE).AsString();
        Finding.unless(asked.equals("rs1"), "a token for an audience that the client may not have");
        return true;
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("least", encoded(CBORObject.NewOrderedMap().Add(ProfileLabels.AUDIENCE, "rs1")));
        seeds.put(
                "more",
                encoded(CBORObject.NewOrderedMap()
                        .Add(ProfileLabels.AUDIENCE, "rs1")
                        .Add(ProfileLabels.SCOPE, "write read")
                        .Add(ProfileLabels.CLIENT_ID, CLIENT)
                        .Add(ProfileLabels.GRANT_TYPE, ProfileLabels.CLIENT_CREDENTIALS)
                        .Add(ProfileLabels.ACE_PROFILE, CBORObject.Null)));
        return seeds;
    }

    private static byte[] encoded(CBORObject map) {
        return map.EncodeToBytes();
    }
}
