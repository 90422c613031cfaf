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
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The initiator's run: a token, from a file or from its authorization server; an SPI; the post; the pair. Owns its copy of the
 * token's key.
 *
 * <pre>
 * start --(no token)--> ask AS --> reserve --> post to /authz-info --> install --> done
 *      \--(token)-----------------^
 * </pre>
 */
final class TokenRun implements Negotiation {
    private static final int ASK = 1;
    private static final int POST = 2;

    /** While an answer is awaited, the transport repeats the request for longer than an acquire lives without progress. */
    private static final String ALIVE = "alive";

    private static final Duration ALIVE_EVERY = Duration.ofSeconds(20);

    private final Need need;
    private final Wallet wallet;
    private final LivePairs pairs;
    private final RandomGenerator random;

    private AceSettings.@Nullable AskedServer asked;
    private AceSettings.@Nullable HeldToken token;
    private @Nullable KeyMaterial key;
    private @Nullable Spi reserved;
    private Octets n1 = Octets.EMPTY;
    private Octets post = Octets.EMPTY;
    private @Nullable KeyedPair pair;
    private @Nullable PairSecret secret;
    private Optional<Instant> outlived = Optional.empty();
    private Optional<Octets> sameKey = Optional.empty();
    private String step = "";

    TokenRun(Need need, Wallet wallet, LivePairs pairs, RandomGenerator random) {
        this.need = need;
        this.wallet = wallet;
        this.pairs = pairs;
        this.random = random;
    }

    /** No token will do that ends with the one of the pair to replace, at this time. */
    void outlive(Instant end) {
        outlived = Optional.of(end);
    }

    /** Goes on with an SPI that another run had reserved for the same acquire. */
    List<KmpOutput> start(Instant now, Spi spi) {
        reserved = spi;
        return start(now);
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        Optional<AceSettings.HeldToken> held = wallet.token(now, need, outlived);
        if (held.isPresent()) {
            return withToken(now, held.get());
        }
        Optional<AceSettings.AskedServer> server = wallet.server(need);
        if (server.isEmpty()) {
            return List.of(Reasons.failed(
                    Reasons.ENOKEY,
                    "no valid token for " + need.target()
                            + (outlived.isPresent() ? " that outlives the pair and" : "")
                            + " that the policy accepts, and nobody to ask"));
        }
        asked = server.get();
        // With the same key the new pair takes the old one's place at the peer as well.
        sameKey = outlived.isPresent() ? wallet.keyId(asked, need.target()) : Optional.empty();
        return ask(asked);
    }

    private List<KmpOutput> ask(AceSettings.AskedServer server) {
        Outgoing request = TokenRequest.to(server, need.target(), sameKey);
        return waiting("asking " + server.uri() + " for a token", ASK, request);
    }

    private List<KmpOutput> withToken(Instant now, AceSettings.HeldToken held) {
        token = held;
        key = KeyMaterial.adopt(Borrowed.from(held.key(), byte[]::clone));
        return reserved == null
                ? List.of(new KmpOutput.ReserveSpi(need.target(), need.local()))
                : onReserved(now, reserved);
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        if (token == null || key == null) {
            throw new IllegalStateException("an SPI before the token");
        }
        reserved = spi;
        n1 = nonce(random);
        List<Integer> suites = need.suites().stream().map(CipherSuite::code).toList();
        post = PostCodec.post(token.token(), n1, spi, suites, CarriedContent.of(need.content(), need.form()), key);
        Outgoing request = new Outgoing(
                need.target(),
                need.via(),
                ProfileLabels.AUTHZ_INFO,
                ProfileLabels.ACE_CBOR,
                ProfileLabels.ACE_CBOR,
                post,
                Optional.empty());
        return waiting("posting a token to " + need.target(), POST, request);
    }

    private List<KmpOutput> waiting(String what, int exchange, Outgoing request) {
        step = what;
        return List.of(
                new KmpOutput.Progress(step),
                new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY),
                new KmpOutput.Send(exchange, request));
    }

    @Override
    public List<KmpOutput> onTimer(Instant now, String timer) {
        return pair != null
                ? List.of()
                : List.of(new KmpOutput.Progress(step), new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY));
    }

    @Override
    public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
        return exchange == ASK ? onToken(now, answer) : onPosted(now, answer);
    }

    private List<KmpOutput> onToken(Instant now, Answer answer) {
        if (asked == null) {
            throw new IllegalStateException("an answer of a server that was not asked");
        }
        if (!answer.isSuccess() && sameKey.isPresent()) {
            sameKey = Optional.empty(); // the server may have forgotten it, or never keeps any
            return ask(asked);
        }
        if (!answer.isSuccess()) {
            return end(Reasons.answered(asked.uri() + "/token", answer));
        }
        Optional<AceSettings.HeldToken> issued = TokenRequest.read(now, asked, need.target(), answer);
        if (issued.isEmpty()) {
            return end(Reasons.failed(
                    Reasons.EPROTO, asked.uri() + " issued no token of profile x_dtls_record with a symmetric key"));
        }
        wallet.issued(issued.get());
        return withToken(now, issued.get());
    }

    private List<KmpOutput> onPosted(Instant now, Answer answer) {
        if (token == null || key == null || reserved == null) {
            throw new IllegalStateException("an answer before the post");
        }
        String what = need.target() + ProfileLabels.AUTHZ_INFO;
        if (!answer.isSuccess()) {
            if (answer.code() == Answer.UNAUTHORIZED || answer.code() == Answer.FORBIDDEN) {
                wallet.refused(token);
            }
            return end(Reasons.answered(what, answer));
        }
        Optional<PostAnswer> read = answer.contentFormat() == ProfileLabels.ACE_CBOR && answer.code() == Answer.CREATED
                ? PostCodec.readAnswer(answer.payload())
                : Optional.empty();
        if (read.isEmpty()) {
            return end(Reasons.failed(Reasons.EPROTO, what + " answered with something else than the profile has"));
        }
        PostAnswer good = read.get();
        CarriedContent content = CarriedContent.of(need.content(), need.form());
        Optional<CipherSuite> suite = need.suites().stream()
                .filter(offered -> offered.code() == good.suite())
                .findFirst();
        if (suite.isEmpty()
                || good.version() != RecordVersion.DTLS12.wire()
                || good.content() != content.number()
                || good.id2().equals(reserved)) {
            return end(Reasons.failed(Reasons.EPROTO, what + " chose what was not on offer"));
        }
        SaKdfInput input = new SaKdfInput(
                token.salt(),
                n1,
                good.n2(),
                ContextHash.of(post, good.carried()),
                reserved,
                good.id2(),
                suite.get(),
                RecordVersion.DTLS12);
        PairPlan plan = plan(token, suite.get(), expires(now, token, good));
        try (SaKdf kdf = new SaKdf(key, input)) {
            KeyName name = KeyName.of(token.issuer(), token.audience(), key);
            secret = new PairSecret(name, kdf.rekeySecret(), kdf.saTag(), now);
            pair = plan.keyed(kdf.pairKeys(), reserved, good.id2(), true, secret.encoded());
        }
        key.close();
        return List.of(new KmpOutput.Progress("installing"), new KmpOutput.Install(pair));
    }

    private PairPlan plan(AceSettings.HeldToken held, CipherSuite suite, Optional<Instant> expires) {
        return PairPlan.of(
                need,
                Wallet.server(held.issuer(), held.audience()),
                suite,
                // The token is this side's credential and not the peer's: nothing of it but its end is the peer's
                // right.
                new Rights("", "", "", Octets.EMPTY, expires));
    }

    /** The sooner of what this side and the other know. The answer is covered by the context hash: a lie ends in other keys. */
    private static Optional<Instant> expires(Instant now, AceSettings.HeldToken held, PostAnswer answer) {
        Optional<Instant> told = answer.expiresIn().map(now::plus);
        return held.expires()
                .filter(mine -> told.isEmpty() || mine.isBefore(told.get()))
                .or(() -> told);
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId id) {
        if (pair == null || secret == null) {
            throw new IllegalStateException("a pair is installed that nobody made");
        }
        pairs.installed(id, pair, secret);
        return List.of(new KmpOutput.Done());
    }

    @Override
    public List<KmpOutput> onSilence(Instant now, int exchange) {
        String what =
                exchange == ASK && asked != null ? asked.uri() + "/token" : need.target() + ProfileLabels.AUTHZ_INFO;
        return end(Reasons.failed(Reasons.ETIMEDOUT, "no answer from " + what));
    }

    @Override
    public List<KmpOutput> onRefused(Instant now, SaException refusal) {
        return end(Reasons.failed(refusal.error().errno(), "the daemon refused: " + refusal.getMessage()));
    }

    private List<KmpOutput> end(KmpOutput.Failed failed) {
        abandon();
        return List.of(failed);
    }

    @Override
    public void abandon() {
        if (key != null) {
            key.close();
        }
        if (secret != null) {
            secret.close();
        }
    }

    static Octets nonce(RandomGenerator random) {
        byte[] nonce = new byte[ProfileLabels.MIN_NONCE];
        random.nextBytes(nonce);
        return Octets.of(nonce);
    }
}
