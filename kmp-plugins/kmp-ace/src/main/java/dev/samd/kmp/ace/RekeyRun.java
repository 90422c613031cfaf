// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Answer;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.kmp.kdf.ContextHash;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.kmp.kdf.SaKdfInput;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The initiator's run of a re-key in band: one exchange under the live pair, and no server of tokens. When it fails, the run
 * goes on with a token, under the SPI that is reserved already. Owns its copy of the live pair's secret.
 *
 * <p>Both ends may begin at once. Then the run with the smaller N1' is abandoned by both: {@link #giveWay} says so to this end,
 * 4.09 to the other. The abandoned run ends well as soon as the other one has made the pair that was asked for.
 */
final class RekeyRun implements Negotiation {
    private static final int ASK = 1;
    private static final String ALIVE = "alive";
    private static final Duration ALIVE_EVERY = Duration.ofSeconds(20);

    /** The other end repeats its post for as long as this (RFC 7252 s4.8.2, MAX_TRANSMIT_SPAN), and looks are so far apart. */
    private static final Duration OTHERS_TIME = Duration.ofSeconds(45);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    private final Need need;
    private final LivePair live;
    private final LivePairs pairs;
    private final RekeyServer server;
    private final TokenRun instead;
    private final KeyMaterial ikm;
    private final Octets n1;

    private @Nullable Spi reserved;
    private Octets post = Octets.EMPTY;
    private @Nullable KeyedPair pair;
    private @Nullable PairSecret secret;
    private PairId made = PairId.NONE;
    private boolean yielded;
    private Optional<Instant> othersUntil = Optional.empty();
    private boolean fallenBack;

    RekeyRun(Need need, LivePair live, LivePairs pairs, RekeyServer server, TokenRun instead, RandomGenerator random) {
        this.need = need;
        this.live = live;
        this.pairs = pairs;
        this.server = server;
        this.instead = instead;
        this.ikm = KeyMaterial.adopt(Borrowed.from(live.secret().rekey(), byte[]::clone));
        this.n1 = TokenRun.nonce(random);
    }

    /** The nonce by which two runs of the same pair are ordered. */
    Octets n1() {
        return n1;
    }

    /** The other end's run goes on instead of this one. */
    void giveWay() {
        yielded = true;
    }

    /** Whether this run made the pair. */
    boolean made(PairId id) {
        return made.equals(id);
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        if (pairs.isBeingReplaced(live.id())) {
            return done();
        }
        Optional<Instant> end = live.outbound()
                .rights()
                .expires()
                .filter(expires -> endsSoon(now, live.secret().made(), expires));
        if (end.isPresent()) {
            // The new pair would end when the token does: only another token helps.
            instead.outlive(end.get());
            return fallBack(now);
        }
        return List.of(
                new KmpOutput.ReserveSpi(live.inbound().peer(), live.inbound().local()));
    }

    /** Whether less than a fifth is left of what there was. */
    private static boolean endsSoon(Instant now, Instant made, Instant expires) {
        Duration whole = Duration.between(made, expires);
        return Duration.between(now, expires).multipliedBy(5).compareTo(whole) < 0;
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        if (fallenBack) {
            return instead.onReserved(now, spi);
        }
        if (pairs.isBeingReplaced(live.id())) {
            return done(); // by the other end, since this one began
        }
        reserved = spi;
        server.began(live.id(), this);
        post = PostCodec.rekey(
                n1, spi, need.suites().stream().map(CipherSuite::code).toList());
        Outgoing request = new Outgoing(
                live.inbound().peer(),
                need.via(),
                ProfileLabels.REKEY,
                ProfileLabels.ACE_CBOR,
                ProfileLabels.ACE_CBOR,
                post,
                Optional.of(live.inbound().local()));
        return List.of(
                new KmpOutput.Progress("re-keying in band"),
                new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY),
                new KmpOutput.Send(ASK, request));
    }

    @Override
    public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
        if (fallenBack) {
            return instead.onAnswer(now, exchange, answer);
        }
        if (yielded || answer.code() == Answer.CONFLICT) {
            othersUntil = Optional.of(now.plus(OTHERS_TIME));
            return lookForOthers(now);
        }
        Optional<PostAnswer> read =
                answer.code() == Answer.CREATED ? PostCodec.readAnswer(answer.payload()) : Optional.empty();
        Optional<CipherSuite> suite = read.flatMap(good -> need.suites().stream()
                .filter(offered -> offered.code() == good.suite())
                .findFirst());
        if (reserved == null || suite.isEmpty() || read.get().id2().equals(reserved)) {
            return fallBack(now);
        }
        PostAnswer good = read.get();
        SaKdfInput input = new SaKdfInput(
                Octets.EMPTY,
                n1,
                good.n2(),
                ContextHash.ofRekey(live.secret().saTag(), post, good.carried()),
                reserved,
                good.id2(),
                suite.get(),
                RecordVersion.DTLS12);
        try (SaKdf kdf = new SaKdf(ikm, input)) {
            secret = new PairSecret(live.secret().name(), kdf.rekeySecret(), kdf.saTag(), now);
            pair = plan(suite.get()).keyed(kdf.pairKeys(), reserved, good.id2(), true, secret.encoded());
        }
        ikm.close();
        return List.of(new KmpOutput.Progress("installing"), new KmpOutput.Install(pair));
    }

    /** The new pair keeps content, form and identity of the one before it. */
    private PairPlan plan(CipherSuite suite) {
        SaParameters before = live.outbound();
        return new PairPlan(
                PairRole.INITIATOR,
                before.peer(),
                before.local(),
                before.identity(),
                suite,
                before.content(),
                before.form(),
                need.window(),
                need.lifetime(),
                before.rights(),
                need.reqid(),
                live.id());
    }

    /** The pair that the other end's run makes: this run ends with it, or goes on when it does not come. */
    private List<KmpOutput> lookForOthers(Instant now) {
        if (pairs.isBeingReplaced(live.id())) {
            return done();
        }
        return othersUntil.filter(now::isBefore).isEmpty()
                ? fallBack(now)
                : List.of(
                        new KmpOutput.Progress("leaving the re-key to the peer"),
                        new KmpOutput.SetTimer(ALIVE, LOOK_EVERY));
    }

    private List<KmpOutput> done() {
        abandon();
        return List.of(new KmpOutput.Done());
    }

    private List<KmpOutput> fallBack(Instant now) {
        abandon();
        fallenBack = true;
        return reserved == null ? instead.start(now) : instead.start(now, reserved);
    }

    @Override
    public List<KmpOutput> onSilence(Instant now, int exchange) {
        if (fallenBack) {
            return instead.onSilence(now, exchange);
        }
        // Who gave way has heard of the other run all the longer ago.
        return yielded ? lookForOthers(now) : fallBack(now);
    }

    @Override
    public List<KmpOutput> onTimer(Instant now, String timer) {
        if (fallenBack) {
            return instead.onTimer(now, timer);
        }
        boolean othersCame = yielded && pairs.isBeingReplaced(live.id());
        if (othersCame || othersUntil.isPresent()) {
            return lookForOthers(now);
        }
        return pair != null
                ? List.of()
                : List.of(new KmpOutput.Progress("re-keying in band"), new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY));
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId id) {
        if (fallenBack) {
            return instead.onInstalled(now, id);
        }
        if (pair == null || secret == null) {
            throw new IllegalStateException("a pair is installed that nobody made");
        }
        made = id;
        pairs.installed(id, pair, secret);
        return List.of(new KmpOutput.Done());
    }

    @Override
    public List<KmpOutput> onRefused(Instant now, SaException refusal) {
        if (fallenBack) {
            return instead.onRefused(now, refusal);
        }
        abandon();
        return List.of(Reasons.failed(refusal.error().errno(), "the daemon refused: " + refusal.getMessage()));
    }

    @Override
    public void abandon() {
        ikm.close();
        if (secret != null) {
            secret.close();
        }
        server.finished(live.id(), this);
        if (fallenBack) {
            instead.abandon();
        }
    }
}
