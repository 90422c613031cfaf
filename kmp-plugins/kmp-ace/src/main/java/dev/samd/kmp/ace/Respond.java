// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Answer;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.kmp.kdf.SaKdfInput;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The responder's run, for a post of a token and for a re-key: reserve, derive, install, answer. The answer leaves when the pair
 * stands, so that the first record finds it. Owns the secret it derives from.
 */
final class Respond implements Negotiation {
    /**
     * What the run needs to know.
     *
     * @param post what was asked
     * @param salt of the token
     * @param plan the pair to be
     * @param name whose pair it is
     * @param giveWay the pairs whose place it takes at once
     * @param answer makes the answer's payload of N2 and ID2
     * @param context the context hash of the answer's payload
     */
    record Task(
            Post post,
            Octets salt,
            PairPlan plan,
            KeyName name,
            List<PairId> giveWay,
            BiFunction<Octets, Spi, Octets> answer,
            BiFunction<Post, Octets, Octets> context) {}

    /** Who is told how the run went. */
    interface Report {
        /** Whether the pair is still wanted. */
        boolean installed(PairId id, KeyedPair pair, PairSecret secret, Answer answer);

        void failed();
    }

    private final Task task;
    private final KeyMaterial ikm;
    private final Octets n2;
    private final Report report;

    private @Nullable KeyedPair pair;
    private @Nullable PairSecret secret;
    private Answer answer = Answer.of(Answer.UNAVAILABLE);

    /**
     * @param ikm taken over
     * @param n2 fresh, and in no way made of the post: a repeated one would give the same keys with a fresh replay window
     */
    Respond(Task task, KeyMaterial ikm, Octets n2, Report report) {
        this.task = task;
        this.ikm = ikm;
        this.n2 = n2;
        this.report = report;
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        List<KmpOutput> outputs = new ArrayList<>();
        task.giveWay().forEach(old -> outputs.add(new KmpOutput.Delete(old)));
        outputs.add(new KmpOutput.ReserveSpi(task.plan().peer(), task.plan().local()));
        return outputs;
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        Post post = task.post();
        if (spi.equals(post.id1())) {
            // RFC 9203 s4.2 wants two different ones. The peer cannot have foreseen it: it may try again.
            return fail(SaError.SPI_IN_USE, "the SPI reserved here is the peer's own");
        }
        Octets payload = task.answer().apply(n2, spi);
        answer = new Answer(Answer.CREATED, post.format(), payload);
        SaKdfInput input = new SaKdfInput(
                task.salt(),
                post.n1(),
                n2,
                task.context().apply(post, payload),
                post.id1(),
                spi,
                task.plan().suite(),
                RecordVersion.DTLS12);
        try (SaKdf kdf = new SaKdf(ikm, input)) {
            secret = new PairSecret(task.name(), kdf.rekeySecret(), kdf.saTag(), now);
            pair = task.plan().keyed(kdf.pairKeys(), spi, post.id1(), true, secret.encoded());
        }
        ikm.close();
        return List.of(new KmpOutput.Install(pair));
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId id) {
        if (pair == null || secret == null) {
            throw new IllegalStateException("a pair is installed that nobody made");
        }
        if (report.installed(id, pair, secret, answer)) {
            return List.of(new KmpOutput.Reply(answer), new KmpOutput.Done());
        }
        return List.of(
                new KmpOutput.Delete(id),
                new KmpOutput.Reply(Answer.of(Answer.UNAUTHORIZED)),
                Reasons.failed(Reasons.EAGAIN, "gave way to newer posts of the same owner"));
    }

    @Override
    public List<KmpOutput> onRefused(Instant now, SaException refusal) {
        return fail(refusal.error(), "the daemon refused: " + refusal.getMessage());
    }

    private List<KmpOutput> fail(SaError error, String reason) {
        abandon();
        int code = error == SaError.TOO_MANY ? Answer.TOO_MANY : Answer.UNAVAILABLE;
        return List.of(
                new KmpOutput.Reply(Answer.of(code)), new KmpOutput.Failed(error.errno(), Reasons.shortened(reason)));
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
    public List<KmpOutput> onTimer(Instant now, String timer) {
        return List.of();
    }

    @Override
    public void abandon() {
        ikm.close();
        if (secret != null) {
            secret.close();
        }
        report.failed();
    }
}
