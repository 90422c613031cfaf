// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Screening;
import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.kmp.kdf.ContextHash;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaParameters;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The responder's side of a re-key in band: what becomes of a post to {@code /.well-known/samd/rekey}. Only who speaks under a
 * live pair is heard. Confined to the driver's thread.
 */
final class RekeyServer {
    private static final int POST = 2;
    private static final int MAX_POST = 512;

    private final List<CipherSuite> suites;
    private final LivePairs pairs;
    private final RandomGenerator random;
    private final PostMemory<PairId> memory = new PostMemory<>();
    private final Map<PairId, RekeyRun> own = new HashMap<>();

    /** @param suites that this end accepts beside the one of the live pair */
    RekeyServer(List<CipherSuite> suites, LivePairs pairs, RandomGenerator random) {
        this.suites = suites;
        this.pairs = pairs;
        this.random = random;
    }

    /** This end has begun a run of its own. */
    void began(PairId pair, RekeyRun run) {
        own.put(pair, run);
    }

    /** A run of this end came to no pair. */
    void finished(PairId pair, RekeyRun run) {
        own.remove(pair, run);
    }

    Screening screen(Instant now, Incoming request) {
        if (request.code() != POST) {
            return answered(Answer.METHOD_NOT_ALLOWED);
        }
        Optional<LivePair> live = request.under().flatMap(pair -> pairs.find(pair.id()));
        if (live.isEmpty()) {
            return answered(Answer.UNAUTHORIZED);
        }
        if (request.contentFormat() != ProfileLabels.ACE_CBOR) {
            return answered(Answer.UNSUPPORTED_FORMAT);
        }
        Optional<Post> post =
                request.payload().length() > MAX_POST ? Optional.empty() : PostCodec.readPost(request.payload(), true);
        return post.isEmpty() ? answered(Answer.BAD_REQUEST) : screen(now, live.get(), post.get());
    }

    private Screening screen(Instant now, LivePair live, Post post) {
        Octets hash = Octets.of(KeyName.sha256(post.carried().toArray()));
        Optional<Answer> repeated = memory.repeated(now, live.id(), hash);
        if (repeated.isPresent()) {
            return new Screening.Answered(repeated.get());
        }
        Optional<CipherSuite> suite = suite(live, post);
        if (suite.isEmpty()) {
            return answered(Answer.NOT_ACCEPTABLE);
        }
        RekeyRun mine = own.get(live.id());
        if (mine != null && post.n1().compareTo(mine.n1()) <= 0) {
            return answered(Answer.CONFLICT);
        }
        Optional<List<PairId>> giveWay = memory.begin(now, live.id(), hash);
        if (giveWay.isEmpty()) {
            return answered(Answer.TOO_MANY);
        }
        if (mine != null) {
            mine.giveWay();
        }
        SaParameters before = live.outbound();
        PairPlan plan = new PairPlan(
                PairRole.RESPONDER,
                before.peer(),
                before.local(),
                before.identity(),
                suite.get(),
                before.content(),
                before.form(),
                live.inbound().window(),
                // Limits of records and failures are those of an algorithm, and the new suite may have others.
                new Lifetime(
                        before.lifetime().soft().withRecords(0).withFailedOpenings(0),
                        before.lifetime().hard().withRecords(0).withFailedOpenings(0)),
                before.rights(),
                before.reqid(),
                live.id());
        Respond.Task task = new Respond.Task(
                post,
                Octets.EMPTY,
                plan,
                live.secret().name(),
                giveWay.get(),
                // The profile has no member for the content here: the pair keeps the one it has.
                (n2, id2) -> PostCodec.answer(n2, id2, suite.get().code(), CarriedContent.SAMD, Optional.empty()),
                (asked, answer) -> ContextHash.ofRekey(live.secret().saTag(), asked.carried(), answer));
        KeyMaterial ikm = KeyMaterial.adopt(Borrowed.from(live.secret().rekey(), byte[]::clone));
        RememberedPost<PairId> remembered = new RememberedPost<>(pairs, memory, live.id(), hash);
        return new Screening.Admitted(new Respond(task, ikm, TokenRun.nonce(random), remembered));
    }

    /** The first of the offered suites that this end accepts. */
    private Optional<CipherSuite> suite(LivePair live, Post post) {
        for (int code : post.suites()) {
            for (CipherSuite suite : CipherSuite.values()) {
                if (suite.code() == code
                        && (suites.contains(suite) || suite == live.outbound().suite())) {
                    return Optional.of(suite);
                }
            }
        }
        return Optional.empty();
    }

    /** A pair was confirmed. */
    void confirmed(PairId pair) {
        memory.over(pair);
    }

    /** A pair is no more, neither as the new one nor as the live one. */
    void ended(PairId pair) {
        memory.over(pair);
        memory.forget(pair);
        own.remove(pair);
        own.values().removeIf(run -> run.made(pair));
    }

    private static Screening answered(int code) {
        return new Screening.Answered(Answer.of(code));
    }
}
