// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.Answer;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.kdf.ContextHash;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The responder's run, for an AP-REQ that is good: reserve, derive, install, answer. Owns the subkey. */
final class AcceptRun implements Negotiation {
    /** Who is told that the pair stands. */
    @FunctionalInterface
    interface Report {
        void installed(Instant now, PairId id, KeyedPair pair, Answer answer);
    }

    private final Messages.Request request;
    private final Acceptor.Accepted accepted;
    private final PairPlan plan;
    private final Octets n2;
    private final Report report;

    private @Nullable KeyedPair pair;
    private Answer answer = Answer.of(Answer.UNAVAILABLE);

    AcceptRun(Messages.Request request, Acceptor.Accepted accepted, PairPlan plan, Octets n2, Report report) {
        this.request = request;
        this.accepted = accepted;
        this.plan = plan;
        this.n2 = n2;
        this.report = report;
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        return List.of(new KmpOutput.ReserveSpi(plan.peer(), plan.local()));
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        if (spi.equals(request.id1())) {
            return fail(SaError.SPI_IN_USE, "the SPI reserved here is the peer's own");
        }
        Octets payload = Messages.reply(accepted.reply(), n2, spi, plan.suite().code());
        answer = new Answer(Answer.CREATED, Messages.FORMAT, payload);
        SaKdfInput input = new SaKdfInput(
                Octets.EMPTY,
                request.n1(),
                n2,
                ContextHash.of(request.carried(), payload),
                request.id1(),
                spi,
                plan.suite(),
                RecordVersion.DTLS12);
        try (SaKdf kdf = new SaKdf(accepted.subkey(), input)) {
            pair = plan.keyed(kdf.pairKeys(), spi, request.id1(), true, KeyMaterial.adopt(new byte[0]));
        }
        abandon();
        return List.of(new KmpOutput.Install(pair));
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId id) {
        if (pair == null) {
            throw new IllegalStateException("a pair is installed that nobody made");
        }
        report.installed(now, id, pair, answer);
        return List.of(new KmpOutput.Reply(answer), new KmpOutput.Done());
    }

    @Override
    public List<KmpOutput> onRefused(Instant now, SaException refusal) {
        return fail(refusal.error(), "the daemon refused: " + refusal.getMessage());
    }

    private List<KmpOutput> fail(SaError error, String reason) {
        abandon();
        int code = error == SaError.TOO_MANY ? Answer.TOO_MANY : Answer.UNAVAILABLE;
        return List.of(new KmpOutput.Reply(Answer.of(code)), Reasons.failed(error.errno(), reason));
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
        accepted.subkey().close();
    }
}
