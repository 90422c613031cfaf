// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.kmp.kdf.SaKdfInput;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.Reasons;
import dev.samd.kmp.kit.StandingPairs;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The initiator's run.
 *
 * <pre>
 * start → reserve → M1 --(M2)--> M3 --(M4)--> install → done
 *                                  \--(5.03, silence)--> M3 again, octet for octet, twice at most
 * </pre>
 *
 * <p>The server cannot know whether M4 arrived, so its pair waits for a record of the device, and ends without one. This side
 * installs it unconfirmed too, so that such a record is sent.
 *
 * <p>M3 is made once: a second one with another nonce would seal two texts under one key and nonce. Owns its copies of all
 * secrets.
 */
final class ClientRun implements Negotiation {
    private static final int ASK = 1;
    private static final int RESPOND = 2;

    private static final String ALIVE = "alive";
    private static final String AGAIN = "again";
    private static final Duration ALIVE_EVERY = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int REPEATS = 2;

    private static final Octets FIRST = Octets.EMPTY;
    private static final Octets SECOND = Octets.ofHex("01");
    private static final Pattern SESSION = Pattern.compile(Pattern.quote(LessKmp.BASE) + "/[0-9a-f]{16}");

    private final Need need;
    private final List<LessSettings.Client> known;
    private final RandomGenerator random;
    private final StandingPairs pairs;

    private LessSettings.@Nullable Client server;
    private @Nullable KeyMaterial y;
    private @Nullable Spi reserved;
    private Octets m1 = Octets.EMPTY;
    private Octets nonce = Octets.EMPTY;
    private @Nullable Challenge challenge;
    private @Nullable CipherSuite suite;
    private String path = "";
    private Octets m3 = Octets.EMPTY;
    private Octets th3 = Octets.EMPTY;
    private int repeats;
    private String step = "";
    private @Nullable KeyedPair pair;

    ClientRun(Need need, List<LessSettings.Client> known, RandomGenerator random, StandingPairs pairs) {
        this.need = need;
        this.known = known;
        this.random = random;
        this.pairs = pairs;
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        if (need.content() != Content.MESSAGE || need.form() != Form.SAMD) {
            return fail(Reasons.EPROTONOSUPPORT, "LESS makes SAs for whole messages in the form of samd alone");
        }
        Optional<LessSettings.Client> fits = known.stream()
                .filter(one -> one.target().equals(need.target())
                        && need.acceptable().stream().anyMatch(pattern -> pattern.fits(identity(one), need.target())))
                .findFirst();
        if (fits.isEmpty()) {
            return fail(Reasons.ENOKEY, "no shared secret with " + need.target() + " whose server the policy accepts");
        }
        server = fits.get();
        y = LessKmp.copy(server.y());
        return List.of(new KmpOutput.ReserveSpi(need.target(), need.local()));
    }

    private static Identity identity(LessSettings.Client of) {
        return new Identity(LessKmp.NAME, IdentityType.DEVICE, "", of.name());
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        if (server == null) {
            throw new IllegalStateException("an SPI before the start");
        }
        reserved = spi;
        nonce = Octets.of(LessKmp.random(random, Challenge.NONCE));
        Octets n0 = Octets.of(LessKmp.random(random, FirstMessage.NONCE));
        List<Integer> suites =
                need.suites().stream().map(CipherSuite::code).limit(16).toList();
        m1 = new FirstMessage(server.device(), spi, suites, n0).encoded();
        return send("asking " + need.target() + " for a challenge", ASK, LessKmp.BASE, m1, FIRST);
    }

    private List<KmpOutput> send(String what, int exchange, String to, Octets payload, Octets type) {
        step = what;
        Outgoing request = new Outgoing(
                need.target(),
                need.via(),
                to,
                LessKmp.FORMAT,
                Incoming.NO_FORMAT,
                payload,
                Map.of(LessKmp.AUTH, Octets.EMPTY, LessKmp.AUTH_MSG_TYPE, type),
                Optional.empty());
        return List.of(
                new KmpOutput.Progress(step),
                new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY),
                new KmpOutput.Send(exchange, request));
    }

    private List<KmpOutput> respond() {
        return send("answering the challenge of " + need.target(), RESPOND, path, m3, SECOND);
    }

    @Override
    public List<KmpOutput> onTimer(Instant now, String timer) {
        if (pair != null) {
            return List.of();
        }
        return timer.equals(AGAIN)
                ? respond()
                : List.of(new KmpOutput.Progress(step), new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY));
    }

    @Override
    public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
        if (exchange == ASK) {
            return challenge == null ? onChallenge(answer) : List.of();
        }
        if (answer.code() == Answer.UNAVAILABLE && repeats < REPEATS) {
            repeats++;
            return List.of(
                    new KmpOutput.Progress("waiting for " + need.target()), new KmpOutput.SetTimer(AGAIN, PAUSE));
        }
        return onResponse(answer);
    }

    private List<KmpOutput> onChallenge(Answer answer) {
        if (y == null || reserved == null) {
            throw new IllegalStateException("an answer before the question");
        }
        String what = need.target() + LessKmp.BASE;
        if (answer.code() != Answer.CREATED) {
            return end(Reasons.answered(what, answer));
        }
        if (!SESSION.matcher(answer.location()).matches()) {
            return fail(Reasons.EPROTO, what + " answered without a place for the response");
        }
        Octets th1 = LessCipher.transcript(Octets.EMPTY, m1);
        Optional<Challenge> opened = Challenge.opened(y, th1, answer.payload());
        y.close();
        if (opened.isEmpty()) {
            return fail(Reasons.EKEYREJECTED, what + " answered with a challenge of somebody who has another secret");
        }
        challenge = opened.get();
        int chosen = challenge.suite();
        Optional<CipherSuite> offered =
                need.suites().stream().filter(one -> one.code() == chosen).findFirst();
        if (offered.isEmpty() || challenge.cid().equals(reserved)) {
            return fail(Reasons.EPROTO, what + " chose what was not on offer");
        }
        suite = offered.get();
        path = answer.location();
        Octets th2 = LessCipher.transcript(th1, answer.payload());
        byte[] both = ByteBuffer.allocate(2 * Challenge.NONCE)
                .put(challenge.nonce().toArray())
                .put(nonce.toArray())
                .array();
        m3 = message(LessCipher.seal(LessCipher.clientKey(challenge.key(), th2), th2, both));
        th3 = LessCipher.transcript(th2, m3);
        return respond();
    }

    private static Octets message(byte[] sealed) {
        byte[] message = new byte[1 + sealed.length];
        message[0] = FirstMessage.VERSION;
        System.arraycopy(sealed, 0, message, 1, sealed.length);
        return Octets.of(message);
    }

    private List<KmpOutput> onResponse(Answer answer) {
        if (challenge == null || reserved == null || server == null || suite == null) {
            throw new IllegalStateException("an answer to a response that was not sent");
        }
        String what = need.target() + path;
        if (answer.code() != Answer.CHANGED) {
            return end(Reasons.answered(what, answer));
        }
        byte[] octets = answer.payload().toArray();
        Optional<byte[]> clear = octets.length > 0 && octets[0] == FirstMessage.VERSION
                ? LessCipher.open(
                        LessCipher.serverKey(challenge.key(), th3), th3, Arrays.copyOfRange(octets, 1, octets.length))
                : Optional.empty();
        if (clear.filter(got -> MessageDigest.isEqual(got, nonce.toArray())).isEmpty()) {
            return fail(Reasons.EPROTO, what + " did not prove that it has the key");
        }
        SaKdfInput input = new SaKdfInput(
                Octets.EMPTY,
                nonce,
                challenge.nonce(),
                LessCipher.transcript(th3, answer.payload()),
                reserved,
                challenge.cid(),
                suite,
                RecordVersion.DTLS12);
        try (SaKdf kdf = new SaKdf(challenge.key(), input)) {
            pair = PairPlan.of(need, identity(server), suite, Rights.NONE)
                    .keyed(kdf.pairKeys(), reserved, challenge.cid(), true, KeyMaterial.adopt(new byte[0]));
        }
        challenge.close();
        return List.of(new KmpOutput.Progress("installing"), new KmpOutput.Install(pair));
    }

    @Override
    public List<KmpOutput> onSilence(Instant now, int exchange) {
        if (exchange == RESPOND && repeats < REPEATS) {
            repeats++;
            return respond();
        }
        return fail(Reasons.ETIMEDOUT, "no answer from " + need.target() + (exchange == ASK ? LessKmp.BASE : path));
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId id) {
        if (pair == null) {
            throw new IllegalStateException("a pair is installed that nobody made");
        }
        pairs.installed(id, pair);
        return List.of(new KmpOutput.Done());
    }

    @Override
    public List<KmpOutput> onRefused(Instant now, SaException refusal) {
        return fail(refusal.error().errno(), "the daemon refused: " + refusal.getMessage());
    }

    private List<KmpOutput> fail(int errno, String reason) {
        return end(Reasons.failed(errno, reason));
    }

    private List<KmpOutput> end(KmpOutput.Failed failed) {
        abandon();
        return List.of(failed);
    }

    @Override
    public void abandon() {
        if (y != null) {
            y.close();
        }
        if (challenge != null) {
            challenge.close();
        }
    }
}
