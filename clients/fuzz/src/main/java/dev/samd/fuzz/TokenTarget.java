// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.IssuerKey;
import dev.samd.kmp.ace.token.TokenVerdict;
import dev.samd.kmp.ace.token.TokenVerifier;
import dev.samd.kmp.ace.token.TokenWriter;
import dev.samd.sa.Octets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Tokens of somebody without the issuer's keys, CWT and JWT: whatever is taken says what the issuer wrote. Not octet for octet: a
 * signature and base64 have more than one form.
 */
final class TokenTarget implements FuzzTarget {
    private final TokenVerifier verifier = TokenKeys.verifier();

    @Override
    public boolean run(byte[] input) {
        if (!(verifier.verify(TokenKeys.NOW, Octets.of(input)) instanceof TokenVerdict.Accepted accepted)) {
            return false;
        }
        try (AccessToken token = accepted.token();
                AccessToken issued = TokenKeys.token()) {
            TokenKeys.check(token);
            Finding.unless(
                    token.subject().equals(issued.subject())
                            && token.scope().equals(issued.scope())
                            && token.expires().equals(issued.expires())
                            && token.notBefore().equals(issued.notBefore())
                            && token.salt().equals(issued.salt())
                            && token.keyId().equals(issued.keyId())
                            && token.key().sameAs(issued.key()),
                    "a token says what nobody issued");
        }
        return true;
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        Optional<IssuerKey> none = Optional.empty();
        Optional<IssuerKey> signing = Optional.of(TokenKeys.signing());
        try (AccessToken token = TokenKeys.token()) {
            seeds.put("cwt-ccm", writer(none, TokenKeys.ccm()).cwt(token).toArray());
            seeds.put("cwt-gcm", writer(none, TokenKeys.gcm()).cwt(token).toArray());
            seeds.put("cwt-signed", writer(signing, TokenKeys.ccm()).cwt(token).toArray());
            seeds.put("jwt-dir", writer(none, TokenKeys.gcm()).jwt(token).toArray());
            seeds.put("jwt-wrapped", writer(none, TokenKeys.wrap()).jwt(token).toArray());
            seeds.put("jwt-signed", writer(signing, TokenKeys.wrap()).jwt(token).toArray());
        }
        return seeds;
    }

    private static TokenWriter writer(Optional<IssuerKey> signing, IssuerKey shared) {
        return new TokenWriter(signing, shared, new Random(1));
    }
}
