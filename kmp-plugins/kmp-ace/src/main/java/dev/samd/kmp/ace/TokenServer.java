// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Screening;
import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.TokenVerdict;
import dev.samd.kmp.ace.token.TokenVerifier;
import dev.samd.kmp.kdf.ContextHash;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.PeerNames;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The resource server's side: what becomes of a post to {@code /authz-info}. Token, proof and parameters are checked before
 * anything is kept. Confined to the driver's thread.
 */
final class TokenServer {
    /** A token and what stands around it. */
    private static final int MAX_POST = TokenVerifier.MAX_TOKEN + 1024;

    private static final int POST = 2;

    private final TokenVerifier verifier;
    private final boolean requireProof;
    private final List<CipherSuite> suites;
    private final LivePairs pairs;
    private final FirstSights firstSights;
    private final RandomGenerator random;
    private final PostMemory<KeyName> memory = new PostMemory<>();

    TokenServer(AceSettings.Server settings, LivePairs pairs, FirstSights firstSights, RandomGenerator random) {
        this.verifier = settings.verifier();
        this.requireProof = settings.requireProof();
        this.suites = settings.suites();
        this.pairs = pairs;
        this.firstSights = firstSights;
        this.random = random;
    }

    Screening screen(Instant now, Incoming request) {
        if (request.code() != POST) {
            return answered(Answer.METHOD_NOT_ALLOWED);
        }
        int format = request.contentFormat();
        if (format != ProfileLabels.ACE_CBOR && format != ProfileLabels.JSON) {
            return answered(Answer.UNSUPPORTED_FORMAT);
        }
        if (request.payload().length() > MAX_POST) {
            return answered(Answer.TOO_LARGE);
        }
        Optional<Post> post = format == ProfileLabels.JSON
                ? PostJson.readPost(request.payload())
                : PostCodec.readPost(request.payload(), false);
        if (post.isEmpty()) {
            return answered(Answer.BAD_REQUEST);
        }
        TokenVerdict verdict = verifier.verify(now, post.get().token());
        if (verdict instanceof TokenVerdict.Refused refused) {
            return answered(refused.code());
        }
        AccessToken token = ((TokenVerdict.Accepted) verdict).token();
        Screening screening = screen(now, request, post.get(), token);
        if (screening instanceof Screening.Answered) {
            token.close();
        }
        return screening;
    }

    private Screening screen(Instant now, Incoming request, Post post, AccessToken token) {
        if (post.proof().isEmpty() ? requireProof : !proven(post, token)) {
            return answered(Answer.UNAUTHORIZED);
        }
        Optional<CipherSuite> suite = suites.stream()
                .filter(mine -> post.suites().contains(mine.code()))
                .min((a, b) -> Integer.compare(
                        post.suites().indexOf(a.code()), post.suites().indexOf(b.code())));
        Optional<CarriedContent> content = CarriedContent.of(post.content());
        if (suite.isEmpty() || content.isEmpty() || post.version() != RecordVersion.DTLS12.wire()) {
            return answered(Answer.NOT_ACCEPTABLE);
        }
        KeyName name = KeyName.of(token.issuer(), token.audience(), token.key());
        Optional<LivePair> under = request.under().flatMap(pair -> pairs.find(pair.id()));
        if (under.filter(pair -> !pair.secret().name().equals(name)).isPresent()) {
            // Who speaks under a pair updates its rights, with a token of the same key (RFC 9203 s4.2).
            return answered(Answer.UNAUTHORIZED);
        }
        Octets hash = Octets.of(KeyName.sha256(post.carried().toArray()));
        Optional<Answer> repeated = memory.repeated(now, name, hash);
        if (repeated.isPresent()) {
            return new Screening.Answered(repeated.get());
        }
        Optional<Rights> rights = rights(now, token);
        if (rights.isEmpty()) {
            return answered(Answer.UNAUTHORIZED);
        }
        Optional<List<PairId>> giveWay = memory.begin(now, name, hash);
        if (giveWay.isEmpty()) {
            return answered(Answer.TOO_MANY);
        }
        PairPlan plan = plan(request.local(), token, name, rights.get(), suite.get(), content.get());
        Optional<Duration> expiresIn = plan.rights().expires().map(end -> Duration.between(now, end));
        int format = post.format();
        Respond.Task task = new Respond.Task(
                post,
                token.salt(),
                plan,
                name,
                giveWay.get(),
                (n2, id2) -> format == ProfileLabels.JSON
                        ? PostJson.answer(n2, id2, suite.get().code(), content.get(), expiresIn)
                        : PostCodec.answer(n2, id2, suite.get().code(), content.get(), expiresIn),
                (asked, answer) -> ContextHash.of(asked.carried(), answer));
        RememberedPost<KeyName> remembered = new RememberedPost<>(pairs, memory, name, hash);
        return new Screening.Admitted(new Respond(task, token.key(), TokenRun.nonce(random), remembered));
    }

    private static boolean proven(Post post, AccessToken token) {
        return ProofOfPossession.verifies(
                token.key(),
                Octets.of(post.carried().toArray(), 0, post.covered()).toArray(),
                post.proof().orElseThrow());
    }

    /** Empty if the token has ended by the time that this server saw it first. */
    private Optional<Rights> rights(Instant now, AccessToken token) {
        Optional<Instant> expires = token.expires();
        if (token.expiresIn().isPresent()) {
            Optional<Instant> end = firstSights.end(
                    now, token.issuer(), token.id(), token.expiresIn().get());
            if (end.isEmpty() || !end.get().isAfter(now)) {
                return Optional.empty();
            }
            expires = expires.filter(end.get()::isAfter).or(() -> end);
        }
        return Optional.of(new Rights(token.issuer(), token.subject(), token.scope(), token.id(), expires));
    }

    private PairPlan plan(
            Endpoint local, AccessToken token, KeyName name, Rights rights, CipherSuite suite, CarriedContent content) {
        Endpoint peer = peer(token.subject(), name);
        String value = token.subject().isEmpty() ? peer.host() : token.subject();
        PairId supersedes = pairs.newestConfirmed(name, peer, local);
        return new PairPlan(
                PairRole.RESPONDER,
                peer,
                local,
                new Identity(AceKmp.NAME, IdentityType.TOKEN, token.issuer(), value),
                suite,
                content.content(),
                content.form(),
                SaParameters.DEFAULT_WINDOW,
                Lifetime.UNLIMITED,
                rights,
                0,
                supersedes);
    }

    /** The subject, where it can be a name; else a name of the key. */
    static Endpoint peer(String subject, KeyName name) {
        return PeerNames.of(subject).orElseGet(() -> unnamed(name));
    }

    private static Endpoint unnamed(KeyName name) {
        return Endpoint.parse("coap://" + name.fingerprint().toHex().substring(0, 16) + ".token");
    }

    void over(PairId pair) {
        memory.over(pair);
    }

    private static Screening answered(int code) {
        return new Screening.Answered(Answer.of(code));
    }
}
