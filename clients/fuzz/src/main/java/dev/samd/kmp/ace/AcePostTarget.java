// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.kmp.Answer;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The posts of tokens and of re-keys, and their answers. The first octet of the input says which: 0 a post in CBOR, 1 of a re-key,
 * 2 in JSON, 3 the answer, 4 the answer of an authorization server.
 */
public final class AcePostTarget implements FuzzTarget {
    private static final Octets N1 = Octets.ofHex("018a278f7faab55a");
    private static final Spi ID1 = Spi.ofHex("1645");
    private static final List<Integer> SUITES = List.of(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256.code(), 0xc0a8);
    private static final Octets TOKEN = Octets.ofHex("d08343a1010aa0581f");
    private static final AceSettings.AskedServer SERVER = new AceSettings.AskedServer(
            "*", Endpoint.parse("coaps://as.example"), "as.example", "rs1", "read", "device-1");

    @Override
    public boolean run(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        Octets payload = Octets.of(input, 1, input.length - 1);
        return switch (input[0]) {
            case 0 -> post(payload);
            case 1 -> rekey(payload);
            case 2 -> PostJson.readPost(payload).map(AcePostTarget::post).orElse(false);
            case 3 -> answer(payload);
            case 4 -> issued(payload);
            default -> false;
        };
    }

    private static boolean post(Octets payload) {
        return PostCodec.readPost(payload, false).map(AcePostTarget::post).orElse(false);
    }

    private static boolean post(Post post) {
        Optional<CarriedContent> content = CarriedContent.of(post.content());
        if (content.isEmpty()) {
            return true;
        }
        try (KeyMaterial key = KeyMaterial.adopt(new byte[16])) {
            Octets written = PostCodec.post(post.token(), post.n1(), post.id1(), post.suites(), content.get(), key);
            Post again = PostCodec.readPost(written, false).orElseThrow(() -> new Finding("a post does not come back"));
            Finding.unless(
                    again.token().equals(post.token())
                            && again.n1().equals(post.n1())
                            && again.id1().equals(post.id1())
                            && again.suites().equals(post.suites())
                            && again.content() == post.content()
                            && again.proof().isPresent(),
                    "a post comes back as another");
        }
        return true;
    }

    private static boolean rekey(Octets payload) {
        Optional<Post> read = PostCodec.readPost(payload, true);
        read.ifPresent(post -> {
            Octets written = PostCodec.rekey(post.n1(), post.id1(), post.suites());
            Post again =
                    PostCodec.readPost(written, true).orElseThrow(() -> new Finding("a re-key does not come back"));
            Finding.unless(
                    again.n1().equals(post.n1())
                            && again.id1().equals(post.id1())
                            && again.suites().equals(post.suites()),
                    "a re-key comes back as another");
        });
        return read.isPresent();
    }

    private static boolean answer(Octets payload) {
        Optional<PostAnswer> read = PostCodec.readAnswer(payload);
        read.ifPresent(answer -> CarriedContent.of(answer.content()).ifPresent(content -> {
            Octets written = PostCodec.answer(answer.n2(), answer.id2(), answer.suite(), content, answer.expiresIn());
            PostAnswer again =
                    PostCodec.readAnswer(written).orElseThrow(() -> new Finding("an answer does not come back"));
            Finding.unless(
                    again.n2().equals(answer.n2())
                            && again.id2().equals(answer.id2())
                            && again.suite() == answer.suite()
                            && again.content() == answer.content()
                            && again.expiresIn().equals(answer.expiresIn()),
                    "an answer comes back as another");
        }));
        return read.isPresent();
    }

    private static boolean issued(Octets payload) {
        Answer answer = new Answer(Answer.CREATED, ProfileLabels.ACE_CBOR, payload);
        Optional<AceSettings.HeldToken> token =
                TokenRequest.read(Instant.EPOCH, SERVER, Endpoint.parse("coap://rs1"), answer);
        token.ifPresent(held -> held.key().close());
        return token.isPresent();
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        try (KeyMaterial key = KeyMaterial.adopt(new byte[16])) {
            seeds.put("post", with(0, PostCodec.post(TOKEN, N1, ID1, SUITES, CarriedContent.SAMD, key)));
            CarriedContent payloads = CarriedContent.of(Content.PAYLOAD, Form.NONE);
            seeds.put("post-payload", with(0, PostCodec.post(TOKEN, N1, ID1, SUITES, payloads, key)));
        }
        seeds.put("rekey", with(1, PostCodec.rekey(N1, ID1, SUITES)));
        seeds.put(
                "json",
                with(
                        2,
                        text("{\"access_token\":\"0INDoQEKoFgf\",\"nonce1\":\"AYonj3-qtVo\",\"dr_client_cid\":\"FkU\","
                                + "\"dr_suites\":[168,49320],\"dr_content\":0,\"dr_pop\":\"AAECAwQFBgc\"}")));
        Optional<Duration> hour = Optional.of(Duration.ofHours(1));
        seeds.put("answer", with(3, PostCodec.answer(N1, ID1, 0xa8, CarriedContent.RAW, hour)));
        seeds.put("answer-short", with(3, PostCodec.answer(N1, ID1, 0xa8, CarriedContent.SAMD, Optional.empty())));
        seeds.put(
                "issued",
                with(
                        4,
                        Octets.ofHex("a501421122" + "02190e10" + "08a101a30104024161" + "2050" + "00".repeat(16)
                                + "18263a00011179" + "3a0001117a48" + "00".repeat(8))));
        return seeds;
    }

    private static Octets text(String text) {
        return Octets.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] with(int kind, Octets octets) {
        byte[] payload = octets.toArray();
        return ByteBuffer.allocate(1 + payload.length)
                .put((byte) kind)
                .put(payload)
                .array();
    }
}
