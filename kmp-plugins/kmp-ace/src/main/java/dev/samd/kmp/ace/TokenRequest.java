// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.kmp.Answer;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.ace.cose.CoseKey;
import dev.samd.kmp.ace.cose.StrictCbor;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.time.Instant;
import java.util.Optional;

/** What is said to an authorization server at {@code /token}, and how its answer is read (RFC 9200 s5.8). */
final class TokenRequest {
    private static final int MIN_KEY = 16;

    private TokenRequest() {}

    /** @param keyId the key of the token before, which is to stay; empty for a fresh one */
    static Outgoing to(AceSettings.AskedServer server, Endpoint target, Optional<Octets> keyId) {
        CBORObject map = CBORObject.NewOrderedMap();
        keyId.ifPresent(
                kid -> map.Add(ProfileLabels.REQ_CNF, CBORObject.NewMap().Add(ProfileLabels.CNF_KID, kid.toArray())));
        map.Add(ProfileLabels.AUDIENCE, server.audienceOf(target));
        if (!server.scope().isEmpty()) {
            map.Add(ProfileLabels.SCOPE, server.scope());
        }
        if (!server.clientId().isEmpty()) {
            map.Add(ProfileLabels.CLIENT_ID, server.clientId());
        }
        map.Add(ProfileLabels.GRANT_TYPE, ProfileLabels.CLIENT_CREDENTIALS);
        return new Outgoing(
                server.uri(),
                Optional.empty(),
                "/token",
                ProfileLabels.ACE_CBOR,
                ProfileLabels.ACE_CBOR,
                Octets.of(map.EncodeToBytes()),
                Optional.empty());
    }

    /** The token; empty if the answer is of another profile, or lacks the token or its key. */
    static Optional<AceSettings.HeldToken> read(
            Instant now, AceSettings.AskedServer server, Endpoint target, Answer answer) {
        CBORObject map = StrictCbor.decode(answer.payload().toArray()).orElse(CBORObject.Null);
        if (map.getType() != CBORType.Map || map.isTagged()) {
            return Optional.empty();
        }
        PostFields fields = new PostFields(map);
        CBORObject profile = map.GetOrDefault(ProfileLabels.ACE_PROFILE, null);
        CBORObject cnf = map.GetOrDefault(ProfileLabels.CNF, null);
        Optional<Octets> token = fields.octets(ProfileLabels.ACCESS_TOKEN);
        if (token.isEmpty()
                || (profile != null && !profile.equals(CBORObject.FromObject(ProfileLabels.PROFILE)))
                || cnf == null
                || cnf.getType() != CBORType.Map) {
            return Optional.empty();
        }
        Optional<CoseKey> key = Optional.ofNullable(cnf.GetOrDefault(ProfileLabels.CNF_COSE_KEY, null))
                .flatMap(CoseKey::parse)
                .filter(one -> one.secret().length() >= MIN_KEY);
        return key.map(one -> new AceSettings.HeldToken(
                target,
                server.issuer(),
                server.audienceOf(target),
                token.get(),
                one.secret(),
                fields.octets(ProfileLabels.SALT).orElse(Octets.EMPTY),
                fields.number(ProfileLabels.EXPIRES_IN).map(now::plusSeconds),
                one.kid()));
    }
}
