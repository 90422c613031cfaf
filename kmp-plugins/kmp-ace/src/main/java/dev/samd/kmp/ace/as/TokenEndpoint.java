// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.kmp.Answer;
import dev.samd.kmp.ace.ProfileLabels;
import dev.samd.kmp.ace.cose.CoseKey;
import dev.samd.kmp.ace.cose.StrictCbor;
import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The resource {@code /token} (RFC 9200 s5.8), without its transport: who asks is what the transport authenticated. */
final class TokenEndpoint {
    private static final int MAX_REQUEST = 1024;
    private static final int MAX_KEY_ID = 64;

    private final AsConfig config;
    private final TokenIssuer issuer;

    TokenEndpoint(AsConfig config, TokenIssuer issuer) {
        this.config = config;
        this.issuer = issuer;
    }

    /**
     * The answer to a POST.
     *
     * @param pskIdentity whom the DTLS handshake authenticated
     */
    Answer answer(Instant now, String pskIdentity, int contentFormat, Octets payload) {
        if (contentFormat != ProfileLabels.ACE_CBOR) {
            return Answer.of(Answer.UNSUPPORTED_FORMAT);
        }
        if (payload.length() > MAX_REQUEST) {
            return Answer.of(Answer.TOO_LARGE);
        }
        CBORObject map = StrictCbor.decode(payload.toArray()).orElse(CBORObject.Null);
        if (map.getType() != CBORType.Map || map.isTagged()) {
            return denied(TokenError.INVALID_REQUEST);
        }
        Optional<AsConfig.Client> client = config.clients().stream()
                .filter(known -> known.psk().isPresent() && known.pskIdentity().equals(pskIdentity))
                .findFirst();
        if (client.isEmpty()) {
            return denied(TokenError.INVALID_CLIENT);
        }
        String claimed = text(map, ProfileLabels.CLIENT_ID, client.get().name());
        if (!claimed.equals(client.get().name())) {
            return denied(TokenError.INVALID_CLIENT);
        }
        CBORObject grant = map.GetOrDefault(ProfileLabels.GRANT_TYPE, null);
        if (grant != null && !grant.equals(CBORObject.FromObject(ProfileLabels.CLIENT_CREDENTIALS))) {
            return denied(TokenError.UNSUPPORTED_GRANT_TYPE);
        }
        Optional<Octets> keyId = keyId(map.GetOrDefault(ProfileLabels.REQ_CNF, null));
        if (map.ContainsKey(ProfileLabels.REQ_CNF) && keyId.isEmpty()) {
            return denied(TokenError.UNSUPPORTED_POP_KEY);
        }
        if (!takesProfile(map.GetOrDefault(ProfileLabels.ACE_PROFILE, null))) {
            return denied(TokenError.INCOMPATIBLE_PROFILES);
        }
        String audience = text(map, ProfileLabels.AUDIENCE, "");
        String scope = text(map, ProfileLabels.SCOPE, "");
        TokenIssuer.Outcome outcome =
                issuer.issue(now, new TokenIssuer.Wish(claimed, audience, scope, Optional.empty(), keyId));
        if (outcome instanceof TokenIssuer.Denied denied) {
            return denied(denied.error());
        }
        TokenIssuer.Issued issued = (TokenIssuer.Issued) outcome;
        try (AccessToken claims = issued.claims()) {
            return new Answer(Answer.CREATED, ProfileLabels.ACE_CBOR, granted(now, issued.token(), claims));
        }
    }

    /** A client may ask which profile to use by leaving it null (RFC 9200 s5.8.1). */
    private static boolean takesProfile(@Nullable CBORObject profile) {
        return profile == null || profile.isNull() || profile.equals(CBORObject.FromObject(ProfileLabels.PROFILE));
    }

    /** The name of a key that was issued before: {@code {3: kid}}. Keys of a client's own making are not taken. */
    private static Optional<Octets> keyId(@Nullable CBORObject wanted) {
        if (wanted == null || wanted.getType() != CBORType.Map || wanted.size() != 1) {
            return Optional.empty();
        }
        CBORObject kid = wanted.GetOrDefault(ProfileLabels.CNF_KID, null);
        return kid == null || kid.getType() != CBORType.ByteString
                ? Optional.empty()
                : Optional.of(Octets.of(kid.GetByteString()))
                        .filter(octets -> !octets.isEmpty() && octets.length() <= MAX_KEY_ID);
    }

    private static Octets granted(Instant now, Octets token, AccessToken claims) {
        CBORObject key = new CoseKey(claims.keyId(), claims.key()).toCbor();
        CBORObject map = CBORObject.NewOrderedMap().Add(ProfileLabels.ACCESS_TOKEN, token.toArray());
        claims.expires()
                .ifPresent(end -> map.Add(
                        ProfileLabels.EXPIRES_IN, Duration.between(now, end).toSeconds()));
        map.Add(ProfileLabels.CNF, CBORObject.NewOrderedMap().Add(ProfileLabels.CNF_COSE_KEY, key));
        map.Add(ProfileLabels.SCOPE, claims.scope());
        map.Add(ProfileLabels.ACE_PROFILE, ProfileLabels.PROFILE);
        map.Add(ProfileLabels.SALT, claims.salt().toArray());
        return Octets.of(map.EncodeToBytes());
    }

    private static Answer denied(TokenError error) {
        CBORObject map = CBORObject.NewOrderedMap().Add(ProfileLabels.ERROR, error.number());
        return new Answer(error.code(), ProfileLabels.ACE_CBOR, Octets.of(map.EncodeToBytes()));
    }

    /** A text, {@code absent} if it is missing, nothing anybody has if it is of another kind. */
    private static String text(CBORObject map, int label, String absent) {
        CBORObject item = map.GetOrDefault(label, null);
        if (item == null) {
            return absent;
        }
        return item.getType() == CBORType.TextString ? item.AsString() : "\0";
    }
}
