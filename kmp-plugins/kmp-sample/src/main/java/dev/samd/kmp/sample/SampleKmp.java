// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.sample;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.kmp.kdf.ContextHash;
import dev.samd.kmp.kdf.Hkdf;
import dev.samd.kmp.kdf.HkdfHash;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.kmp.kdf.SaKdfInput;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A KMP of one shared key, one request and one answer, each {@code nonce:16 | SPI:4 | proof:16}. The proof is made with the key
 * over everything that was said before it.
 */
final class SampleKmp implements Kmp {
    private static final String RESOURCE = "/sample";
    private static final int FORMAT = 42;
    private static final CipherSuite SUITE = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
    private static final int NONCE = 16;
    private static final int SPI = 4;
    private static final int PROOF = 16;

    private final Endpoint peer;
    private final KeyMaterial key;
    private final RandomGenerator random;

    SampleKmp(Endpoint peer, KeyMaterial key, RandomGenerator random) {
        this.peer = peer;
        this.key = key;
        this.random = random;
    }

    @Override
    public String name() {
        return "sample";
    }

    @Override
    public String probePath() {
        return RESOURCE;
    }

    @Override
    public List<String> resources() {
        return List.of(RESOURCE);
    }

    @Override
    public Negotiation initiate(Need need) {
        return new Asking(need);
    }

    @Override
    public Screening screen(Instant now, Incoming request) {
        if (request.code() != 2 || request.contentFormat() != FORMAT) {
            return new Screening.Answered(Answer.of(Answer.BAD_REQUEST));
        }
        if (!proven(Octets.EMPTY, request.payload())) {
            return new Screening.Answered(Answer.of(Answer.UNAUTHORIZED));
        }
        return new Screening.Admitted(new Answering(request));
    }

    @Override
    public void recalled(Instant now, List<InstalledPair> pairs) {
        pairs.forEach(pair -> pair.kmpPrivate().close());
    }

    @Override
    public void happened(Instant now, PairEvent event) {}

    /** {@code nonce | SPI | proof}, after what was said before. */
    private Octets message(Octets before, Spi spi) {
        byte[] octets = new byte[NONCE + SPI + PROOF];
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        Octets.of(nonce).copyTo(octets, 0);
        spi.octets().copyTo(octets, NONCE);
        proof(before, Octets.of(octets, 0, NONCE + SPI)).copyTo(octets, NONCE + SPI);
        return Octets.of(octets);
    }

    private boolean proven(Octets before, Octets message) {
        if (message.length() != NONCE + SPI + PROOF) {
            return false;
        }
        byte[] octets = message.toArray();
        Octets proof = proof(before, Octets.of(octets, 0, NONCE + SPI));
        return MessageDigest.isEqual(
                proof.toArray(), Octets.of(octets, NONCE + SPI, PROOF).toArray());
    }

    private Octets proof(Octets before, Octets said) {
        Octets all = ContextHash.of(before, said);
        try (KeyMaterial prk = Hkdf.extract(HkdfHash.SHA256, Octets.EMPTY, key)) {
            return Octets.of(Hkdf.expand(HkdfHash.SHA256, prk, all, PROOF));
        }
    }

    private static Spi spi(Octets message) {
        return new Spi(Octets.of(message.toArray(), NONCE, SPI));
    }

    private static Octets nonce(Octets message) {
        return Octets.of(message.toArray(), 0, NONCE);
    }

    /** Both ends derive the same keys: from the key, both nonces, both SPIs, and everything that was said. */
    private KeyedPair pair(PairPlan plan, Octets question, Octets answer) {
        SaKdfInput input = new SaKdfInput(
                Octets.EMPTY,
                nonce(question),
                nonce(answer),
                ContextHash.of(question, answer),
                spi(question),
                spi(answer),
                SUITE,
                RecordVersion.DTLS12);
        boolean asked = plan.role() == PairRole.INITIATOR;
        try (SaKdf kdf = new SaKdf(key, input)) {
            return plan.keyed(
                    kdf.pairKeys(),
                    spi(asked ? question : answer),
                    spi(asked ? answer : question),
                    true,
                    KeyMaterial.adopt(new byte[0]));
        }
    }

    private Identity identity() {
        return new Identity(name(), IdentityType.PSK, "", peer.host());
    }

    /** What both sides do in the same way. */
    private abstract static class Base implements Negotiation {
        @Override
        public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
            return List.of();
        }

        @Override
        public List<KmpOutput> onSilence(Instant now, int exchange) {
            return List.of(Reasons.failed(Reasons.ETIMEDOUT, "no answer"));
        }

        @Override
        public List<KmpOutput> onTimer(Instant now, String timer) {
            return List.of();
        }

        @Override
        public List<KmpOutput> onRefused(Instant now, SaException refusal) {
            return List.of(Reasons.failed(refusal.error().errno(), "the daemon refused: " + refusal.getMessage()));
        }

        @Override
        public void abandon() {}
    }

    /** The side that needs SAs. */
    private final class Asking extends Base {
        private final Need need;
        private Octets question = Octets.EMPTY;

        Asking(Need need) {
            this.need = need;
        }

        @Override
        public List<KmpOutput> start(Instant now) {
            return need.suites().contains(SUITE) && need.target().equals(peer)
                    ? List.of(new KmpOutput.ReserveSpi(need.target(), need.local()))
                    : List.of(Reasons.failed(Reasons.ENOKEY, "nothing is known of " + need.target()));
        }

        @Override
        public List<KmpOutput> onReserved(Instant now, Spi spi) {
            question = message(Octets.EMPTY, spi);
            Outgoing request =
                    new Outgoing(need.target(), need.via(), RESOURCE, FORMAT, FORMAT, question, Optional.empty());
            return List.of(new KmpOutput.Progress("asking " + need.target()), new KmpOutput.Send(1, request));
        }

        @Override
        public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
            if (!answer.isSuccess()) {
                return List.of(Reasons.answered(need.target() + RESOURCE, answer));
            }
            if (!proven(question, answer.payload())) {
                return List.of(Reasons.failed(Reasons.EKEYREJECTED, need.target() + " does not have the key"));
            }
            PairPlan plan = PairPlan.of(need, identity(), SUITE, Rights.NONE);
            // The peer's pair waits for a record: this one waits too, and the driver sends one if nobody else does.
            return List.of(new KmpOutput.Install(pair(plan, question, answer.payload())));
        }

        @Override
        public List<KmpOutput> onInstalled(Instant now, PairId pair) {
            return List.of(new KmpOutput.Done());
        }
    }

    /** The side that is asked. */
    private final class Answering extends Base {
        private final Incoming request;
        private @Nullable Octets answer;

        Answering(Incoming request) {
            this.request = request;
        }

        @Override
        public List<KmpOutput> start(Instant now) {
            return List.of(new KmpOutput.ReserveSpi(peer, request.local()));
        }

        @Override
        public List<KmpOutput> onReserved(Instant now, Spi spi) {
            answer = message(request.payload(), spi);
            PairPlan plan = new PairPlan(
                    PairRole.RESPONDER,
                    peer,
                    request.local(),
                    identity(),
                    SUITE,
                    Content.MESSAGE,
                    Form.SAMD,
                    SaParameters.DEFAULT_WINDOW,
                    Lifetime.UNLIMITED,
                    Rights.NONE,
                    0,
                    PairId.NONE);
            // Who replays the question has no keys: the first good record tells that this peer has them.
            return List.of(new KmpOutput.Install(pair(plan, request.payload(), answer)));
        }

        @Override
        public List<KmpOutput> onInstalled(Instant now, PairId pair) {
            if (answer == null) {
                throw new IllegalStateException("a pair before the answer");
            }
            return List.of(new KmpOutput.Reply(new Answer(Answer.CREATED, FORMAT, answer)), new KmpOutput.Done());
        }
    }
}
