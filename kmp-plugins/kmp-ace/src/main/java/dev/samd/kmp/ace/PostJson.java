// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.samd.kmp.ace.token.TokenVerifier;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The twin of {@link PostCodec} in JSON, for clients that have no CBOR: octets in base64url, a JWT as it is. The proof is the
 * last member and covers all octets before its value.
 */
final class PostJson {
    private static final Set<String> MEMBERS =
            Set.of("access_token", "nonce1", "dr_client_cid", "dr_suites", "dr_version", "dr_content", "dr_pop");
    private static final int PROOF_TEXT = 11;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private PostJson() {}

    /** Reads P1; empty if a member is missing, malformed or unknown. */
    static Optional<Post> readPost(Octets payload) {
        try {
            String text = new String(payload.toArray(), StandardCharsets.UTF_8);
            Map<String, Object> map = JSONObjectUtils.parse(text);
            // The library's null is the text "null".
            if (map == null || !MEMBERS.containsAll(map.keySet())) {
                return Optional.empty();
            }
            String proof = map.containsKey("dr_pop") ? string(map, "dr_pop") : null;
            if (proof != null && (proof.length() != PROOF_TEXT || !text.endsWith("\"dr_pop\":\"" + proof + "\"}"))) {
                return Optional.empty();
            }
            Octets n1 = octets(map, "nonce1");
            if (n1.length() < ProfileLabels.MIN_NONCE || n1.length() > ProfileLabels.MAX_NONCE) {
                return Optional.empty();
            }
            return Optional.of(new Post(
                    payload,
                    ProfileLabels.JSON,
                    token(string(map, "access_token")),
                    n1,
                    new Spi(octets(map, "dr_client_cid")),
                    numbers(map.get("dr_suites")),
                    map.containsKey("dr_version") ? number(map.get("dr_version")) : RecordVersion.DTLS12.wire(),
                    map.containsKey("dr_content") ? number(map.get("dr_content")) : CarriedContent.SAMD.number(),
                    proof == null ? Optional.empty() : Optional.of(octets(map, "dr_pop")),
                    payload.length() - PROOF_TEXT - 2));
        } catch (ParseException | IllegalArgumentException | SaException e) {
            return Optional.empty();
        }
    }

    /** P2. */
    static Octets answer(Octets n2, Spi id2, int suite, CarriedContent content, Optional<Duration> expiresIn) {
        StringBuilder json = new StringBuilder("{");
        expiresIn.ifPresent(time ->
                json.append("\"expires_in\":").append(PostCodec.seconds(time)).append(','));
        json.append("\"nonce2\":\"").append(ENCODER.encodeToString(n2.toArray()));
        json.append("\",\"dr_server_cid\":\"")
                .append(ENCODER.encodeToString(id2.octets().toArray()));
        json.append("\",\"dr_suite\":").append(suite);
        if (content != CarriedContent.SAMD) {
            json.append(",\"dr_content\":").append(content.number());
        }
        return Octets.of(json.append('}').toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static Octets token(String text) {
        Octets octets = Octets.of(text.getBytes(StandardCharsets.UTF_8));
        return TokenVerifier.looksLikeJwt(octets)
                ? octets
                : Octets.of(Base64.getUrlDecoder().decode(text));
    }

    private static String string(Map<String, Object> map, String name) throws ParseException {
        return Objects.requireNonNullElse(JSONObjectUtils.getString(map, name), "");
    }

    private static Octets octets(Map<String, Object> map, String name) throws ParseException {
        return Octets.of(Base64.getUrlDecoder().decode(string(map, name)));
    }

    private static List<Integer> numbers(@Nullable Object value) throws ParseException {
        if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > 32) {
            throw new ParseException("dr_suites", 0);
        }
        List<Integer> numbers = new ArrayList<>();
        for (Object one : list) {
            numbers.add(number(one));
        }
        return numbers;
    }

    private static int number(@Nullable Object value) throws ParseException {
        if (value instanceof Number number && number.doubleValue() == number.intValue() && number.intValue() >= 0) {
            return number.intValue();
        }
        throw new ParseException("number", 0);
    }
}
