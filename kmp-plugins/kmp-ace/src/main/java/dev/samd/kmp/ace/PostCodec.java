// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.kmp.ace.cose.StrictCbor;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The octets of posts and their answers, application/ace+cbor in deterministic encoding.
 *
 * <pre>
 * P1 {1: token, 40: N1, -70001: ID1, -70003: [suite, ...], ? -70004: version, ? -70005: content, ? -70006: proof}
 * P2 {? 2: expires_in, 42: N2, -70002: ID2, -70003: suite, ? -70004: version, ? -70005: content}
 * </pre>
 */
final class PostCodec {
    private static final Set<Integer> POST_LABELS = Set.of(
            ProfileLabels.ACCESS_TOKEN,
            ProfileLabels.NONCE1,
            ProfileLabels.CLIENT_CID,
            ProfileLabels.SUITES,
            ProfileLabels.VERSION,
            ProfileLabels.CONTENT,
            ProfileLabels.PROOF);
    private static final Set<Integer> REKEY_LABELS =
            Set.of(ProfileLabels.NONCE1, ProfileLabels.CLIENT_CID, ProfileLabels.SUITES);
    private static final Set<Integer> ANSWER_LABELS = Set.of(
            ProfileLabels.EXPIRES_IN,
            ProfileLabels.NONCE2,
            ProfileLabels.SERVER_CID,
            ProfileLabels.SUITES,
            ProfileLabels.VERSION,
            ProfileLabels.CONTENT);

    /** Octets before the value of a proof: {@code 3a 00011175 48}. */
    private static final Octets PROOF_HEAD = Octets.ofHex("3a0001117548");

    private PostCodec() {}

    /** Reads P1, or of a re-key P1'. Empty if a member is missing, malformed or unknown (RFC 9203 s4.2). */
    static Optional<Post> readPost(Octets payload, boolean rekey) {
        Optional<PostFields> map = map(payload, rekey ? REKEY_LABELS : POST_LABELS);
        if (map.isEmpty()) {
            return Optional.empty();
        }
        PostFields fields = map.get();
        Optional<Octets> token = rekey ? Optional.of(Octets.EMPTY) : fields.octets(ProfileLabels.ACCESS_TOKEN);
        Optional<Octets> n1 = fields.nonce(ProfileLabels.NONCE1);
        Optional<Spi> id1 = fields.spi(ProfileLabels.CLIENT_CID);
        Optional<List<Integer>> suites = fields.numbers(ProfileLabels.SUITES);
        Optional<Integer> version = fields.numberOr(ProfileLabels.VERSION, RecordVersion.DTLS12.wire());
        Optional<Integer> content = fields.numberOr(ProfileLabels.CONTENT, CarriedContent.SAMD.number());
        Optional<Octets> proof = fields.octets(ProfileLabels.PROOF);
        if (token.isEmpty()
                || n1.isEmpty()
                || id1.isEmpty()
                || suites.isEmpty()
                || version.isEmpty()
                || content.isEmpty()
                || (fields.has(ProfileLabels.PROOF) && !isLast(payload, proof))) {
            return Optional.empty();
        }
        return Optional.of(new Post(
                payload,
                ProfileLabels.ACE_CBOR,
                token.get(),
                n1.get(),
                id1.get(),
                suites.get(),
                version.get(),
                content.get(),
                proof,
                payload.length() - ProofOfPossession.LENGTH));
    }

    /** The tag covers what stands before it, so nothing may stand behind it. */
    private static boolean isLast(Octets payload, Optional<Octets> proof) {
        return proof.isPresent()
                && proof.get().length() == ProofOfPossession.LENGTH
                && payload.toHex().endsWith(PROOF_HEAD.toHex() + proof.get().toHex());
    }

    /** Reads P2 or P2'. */
    static Optional<PostAnswer> readAnswer(Octets payload) {
        Optional<PostFields> map = map(payload, ANSWER_LABELS);
        if (map.isEmpty()) {
            return Optional.empty();
        }
        PostFields fields = map.get();
        Optional<Octets> n2 = fields.nonce(ProfileLabels.NONCE2);
        Optional<Spi> id2 = fields.spi(ProfileLabels.SERVER_CID);
        Optional<Integer> suite = fields.number(ProfileLabels.SUITES);
        Optional<Integer> version = fields.numberOr(ProfileLabels.VERSION, RecordVersion.DTLS12.wire());
        Optional<Integer> content = fields.numberOr(ProfileLabels.CONTENT, CarriedContent.SAMD.number());
        Optional<Integer> expires = fields.number(ProfileLabels.EXPIRES_IN);
        if (n2.isEmpty()
                || id2.isEmpty()
                || suite.isEmpty()
                || version.isEmpty()
                || content.isEmpty()
                || (fields.has(ProfileLabels.EXPIRES_IN) && expires.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(new PostAnswer(
                payload,
                n2.get(),
                id2.get(),
                suite.get(),
                version.get(),
                content.get(),
                expires.map(Duration::ofSeconds)));
    }

    private static Optional<PostFields> map(Octets payload, Set<Integer> labels) {
        return StrictCbor.decode(payload.toArray())
                .filter(item -> item.getType() == CBORType.Map && !item.isTagged())
                .map(PostFields::new)
                .filter(fields -> fields.onlyHas(labels));
    }

    /** P1 with its proof. */
    static Octets post(
            Octets token, Octets n1, Spi id1, List<Integer> suites, CarriedContent content, KeyMaterial popKey) {
        CBORObject map = CBORObject.NewOrderedMap()
                .Add(ProfileLabels.ACCESS_TOKEN, token.toArray())
                .Add(ProfileLabels.NONCE1, n1.toArray())
                .Add(ProfileLabels.CLIENT_CID, id1.octets().toArray())
                .Add(ProfileLabels.SUITES, array(suites));
        addContent(map, content);
        // The head of the map counts the proof, so it has to be there when the octets before it are made.
        map.Add(ProfileLabels.PROOF, new byte[ProofOfPossession.LENGTH]);
        byte[] octets = map.EncodeToBytes();
        int covered = octets.length - ProofOfPossession.LENGTH;
        ProofOfPossession.over(popKey, Arrays.copyOf(octets, covered)).copyTo(octets, covered);
        return Octets.of(octets);
    }

    /** P1' of a re-key. */
    static Octets rekey(Octets n1, Spi id1, List<Integer> suites) {
        return Octets.of(CBORObject.NewOrderedMap()
                .Add(ProfileLabels.NONCE1, n1.toArray())
                .Add(ProfileLabels.CLIENT_CID, id1.octets().toArray())
                .Add(ProfileLabels.SUITES, array(suites))
                .EncodeToBytes());
    }

    /** P2 or P2'. The content stands there where it is not the default. */
    static Octets answer(Octets n2, Spi id2, int suite, CarriedContent content, Optional<Duration> expiresIn) {
        CBORObject map = CBORObject.NewOrderedMap();
        expiresIn.ifPresent(time -> map.Add(ProfileLabels.EXPIRES_IN, seconds(time)));
        map.Add(ProfileLabels.NONCE2, n2.toArray())
                .Add(ProfileLabels.SERVER_CID, id2.octets().toArray())
                .Add(ProfileLabels.SUITES, suite);
        addContent(map, content);
        return Octets.of(map.EncodeToBytes());
    }

    static long seconds(Duration time) {
        return Math.max(0, Math.min(Integer.MAX_VALUE, time.toSeconds()));
    }

    private static void addContent(CBORObject map, CarriedContent content) {
        if (content != CarriedContent.SAMD) {
            map.Add(ProfileLabels.CONTENT, content.number());
        }
    }

    private static CBORObject array(List<Integer> numbers) {
        CBORObject array = CBORObject.NewArray();
        numbers.forEach(array::Add);
        return array;
    }
}
