// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.kmp.kdf.SaKdfInput;
import dev.samd.kmp.kit.AnswerMemory;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.PeerNames;
import dev.samd.kmp.kit.Reasons;
import dev.samd.kmp.kit.StandingPairs;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The responder's run.
 *
 * <pre>
 * M1 → reserve → M2, listens --(M3 that does not verify, up to 7)--> 4.01
 *                          \--(M3)--> install --> M4, done
 *                          \--(the eighth, or too late)--> failed
 * </pre>
 *
 * <p>The run of a device that nobody knows is the same one, under a secret that nobody has: no answer, no count and no time
 * tells it from one whose device has a wrong secret. Owns its copies of all secrets.
 */
final class ServerRun implements Negotiation {
    private static final String HALF_OPEN = "half-open";
    private static final int MOST_FAILURES = 8;
    private static final int SID = 8;
    private static final int MESSAGE = 1 + 2 * Challenge.NONCE + LessCipher.TAG;

    private final Incoming request;
    private final FirstMessage m1;
    private final CipherSuite suite;
    private final KeyMaterial y;
    private final LessSettings.Server server;
    private final RandomGenerator random;
    private final StandingPairs pairs;
    private final AnswerMemory answers;
    private final Identity identity;
    private final Endpoint peer;

    private @Nullable Challenge challenge;
    private Octets th2 = Octets.EMPTY;
    private String path = "";
    private int failures;
    private Octets m3 = Octets.EMPTY;
    private Octets m4 = Octets.EMPTY;
    private @Nullable KeyedPair pair;

    /** @param y taken over */
    ServerRun(
            Incoming request,
            FirstMessage m1,
            CipherSuite suite,
            KeyMaterial y,
            LessSettings.Server server,
            RandomGenerator random,
            StandingPairs pairs,
            AnswerMemory answers) {
        this.request = request;
        this.m1 = m1;
        this.suite = suite;
        this.y = y;
        this.server = server;
        this.random = random;
        this.pairs = pairs;
        this.answers = answers;
        String device = new String(m1.device().toArray(), StandardCharsets.UTF_8);
        this.identity = new Identity(LessKmp.NAME, IdentityType.DEVICE, "", device);
        this.peer = PeerNames.of(device)
                .orElseGet(() -> Endpoint.parse("coap://"
                        + LessCipher.transcript(Octets.EMPTY, m1.device())
                                .toHex()
                                .substring(0, 16) + ".less"));
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        return List.of(
                new KmpOutput.SetTimer(HALF_OPEN, server.halfOpen()), new KmpOutput.ReserveSpi(peer, request.local()));
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        if (spi.equals(m1.cid())) {
            return refuse(Answer.UNAVAILABLE, Reasons.EAGAIN, "the SPI reserved here is the peer's own");
        }
        Octets nonce = Octets.of(LessKmp.random(random, Challenge.NONCE));
        KeyMaterial key = KeyMaterial.adopt(LessKmp.random(random, Challenge.KEY));
        challenge = new Challenge(nonce, key, suite.code(), spi);
        Octets th1 = LessCipher.transcript(Octets.EMPTY, request.payload());
        Octets m2 = challenge.sealed(y, th1, LessKmp.random(random, LessCipher.NONCE));
        y.close();
        th2 = LessCipher.transcript(th1, m2);
        path = request.path() + "/" + Octets.of(LessKmp.random(random, SID)).toHex();
        return List.of(
                new KmpOutput.Listen(path), new KmpOutput.Reply(new Answer(Answer.CREATED, LessKmp.FORMAT, m2, path)));
    }

    @Override
    public List<KmpOutput> onRequest(Instant now, Incoming next) {
        Optional<Answer> wrong = LessKmp.wrong(next, 1);
        if (wrong.isPresent()) {
            return List.of(new KmpOutput.Reply(wrong.get()));
        }
        byte[] octets = next.payload().toArray();
        if (octets.length != MESSAGE || octets[0] != FirstMessage.VERSION) {
            return List.of(new KmpOutput.Reply(Answer.of(Answer.BAD_REQUEST)));
        }
        Challenge own = challenge;
        if (own == null) {
            throw new IllegalStateException("a response before the challenge");
        }
        Optional<byte[]> clear = LessCipher.open(
                LessCipher.clientKey(own.key(), th2), th2, Arrays.copyOfRange(octets, 1, octets.length));
        boolean good = clear.filter(both -> MessageDigest.isEqual(
                        Arrays.copyOf(both, Challenge.NONCE), own.nonce().toArray()))
                .isPresent();
        if (!good) {
            // The place of the run stands in clear: one message of a stranger must not end it.
            failures++;
            return failures < MOST_FAILURES
                    ? List.of(new KmpOutput.Reply(Answer.of(Answer.UNAUTHORIZED)))
                    : refuse(Answer.UNAUTHORIZED, Reasons.EKEYREJECTED, failures + " responses did not verify");
        }
        m3 = next.payload();
        return install(own, Octets.of(clear.orElseThrow(), Challenge.NONCE, Challenge.NONCE));
    }

    private List<KmpOutput> install(Challenge own, Octets nonce) {
        Octets th3 = LessCipher.transcript(th2, m3);
        byte[] sealed = LessCipher.seal(LessCipher.serverKey(own.key(), th3), th3, nonce.toArray());
        byte[] message = new byte[1 + sealed.length];
        message[0] = FirstMessage.VERSION;
        System.arraycopy(sealed, 0, message, 1, sealed.length);
        m4 = Octets.of(message);
        SaKdfInput input = new SaKdfInput(
                Octets.EMPTY,
                nonce,
                own.nonce(),
                LessCipher.transcript(th3, m4),
                m1.cid(),
                own.cid(),
                suite,
                RecordVersion.DTLS12);
        PairPlan plan = new PairPlan(
                PairRole.RESPONDER,
                peer,
                request.local(),
                identity,
                suite,
                Content.MESSAGE,
                Form.SAMD,
                SaParameters.DEFAULT_WINDOW,
                server.lifetime(),
                Rights.NONE,
                0,
                server.unique() ? pairs.newest(identity, peer, request.local()) : PairId.NONE);
        try (SaKdf kdf = new SaKdf(own.key(), input)) {
            // The client has proven a key that is new in this run, but where M4 is lost for good it has no pair: until
            // its
            // first record the one before stays in use, and without any record this one ends.
            pair = plan.keyed(kdf.pairKeys(), own.cid(), m1.cid(), true, KeyMaterial.adopt(new byte[0]));
        }
        own.close();
        return List.of(new KmpOutput.Install(pair));
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId id) {
        if (pair == null) {
            throw new IllegalStateException("a pair is installed that nobody made");
        }
        pairs.installed(id, pair);
        Answer answer = new Answer(Answer.CHANGED, LessKmp.FORMAT, m4);
        answers.keep(now, path, m3, answer);
        return List.of(new KmpOutput.Reply(answer), new KmpOutput.Done());
    }

    @Override
    public List<KmpOutput> onRefused(Instant now, SaException refusal) {
        return refuse(Answer.UNAVAILABLE, refusal.error().errno(), "the daemon refused: " + refusal.getMessage());
    }

    private List<KmpOutput> refuse(int code, int errno, String reason) {
        abandon();
        return List.of(new KmpOutput.Reply(Answer.of(code)), Reasons.failed(errno, reason));
    }

    @Override
    public List<KmpOutput> onTimer(Instant now, String timer) {
        if (pair != null) {
            return List.of();
        }
        abandon();
        return List.of(Reasons.failed(
                Reasons.ETIMEDOUT, "no response within " + server.halfOpen().toSeconds() + " s that verified"));
    }

    @Override
    public List<KmpOutput> onAnswer(Instant now, int exchange, Answer ignored) {
        return List.of();
    }

    @Override
    public List<KmpOutput> onSilence(Instant now, int exchange) {
        return List.of();
    }

    @Override
    public void abandon() {
        y.close();
        if (challenge != null) {
            challenge.close();
        }
    }
}
