// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.kmp.kdf.SaKdfInput;
import dev.samd.kmp.kit.AnswerMemory;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.StandingPairs;
import dev.samd.sa.History;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** SAs from a DTLS 1.2 handshake inside CoAP (docs/codtls.md), both sides. */
final class CodtlsKmp implements Kmp {
    static final String NAME = "codtls";
    /** Content-Format of a flight: application/octet-stream. */
    static final int FORMAT = 42;
    /** The resource. */
    static final String BASE = "/.well-known/dtls-e2e";
    /** The name that the resource had first. */
    static final String ALIAS = "/dtls";

    /** Content-Format of a flight, as others may call it: application/dtls-handshake, not registered. */
    private static final int PRIVATE_FORMAT = 65010;

    /** As long as a client's run may last: however often it repeats its last flight, it finds the answer that was lost. */
    private static final Duration REMEMBER = Duration.ofSeconds(247);

    private static final int POST = 2;
    /** A hello is shorter than a block of the smallest path: nothing is put together for a stranger. */
    private static final int MAX_HELLO = 1024;

    private static final int MAX_FLIGHT = 65_000;

    /** The engine may have sent more than it says; beyond this it cannot have. */
    private static final int GAP = 1024;

    private final CodtlsSettings settings;
    private final RandomGenerator random;
    private final Cookies cookies;
    private final StandingPairs pairs = new StandingPairs();
    private final SessionMemory begun;
    private final SessionMemory answered;
    private final AnswerMemory answers = new AnswerMemory(REMEMBER);

    CodtlsKmp(CodtlsSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.cookies = new Cookies(random);
        this.begun = new SessionMemory(settings.resumption());
        this.answered = new SessionMemory(settings.resumption());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String probePath() {
        return BASE;
    }

    @Override
    public List<String> resources() {
        return settings.server().isPresent() ? List.of(BASE, BASE + "/*", ALIAS, ALIAS + "/*") : List.of();
    }

    @Override
    public Negotiation initiate(Need need) {
        return new ClientRun(need, settings, pairs, begun);
    }

    @Override
    public Screening screen(Instant now, Incoming request) {
        request.under().ifPresent(pair -> pair.kmpPrivate().close());
        if (settings.server().isEmpty()) {
            return said(Answer.of(Answer.FORBIDDEN));
        }
        Optional<Answer> wrong = wrong(request);
        if (wrong.isPresent()) {
            return said(wrong.get());
        }
        if (!request.path().equals(BASE) && !request.path().equals(ALIAS)) {
            return said(
                    answers.find(now, request.path(), request.payload()).orElseGet(() -> Answer.of(Answer.NOT_FOUND)));
        }
        if (request.payload().length() > MAX_HELLO) {
            return said(Answer.of(Answer.TOO_LARGE));
        }
        Optional<Hello> hello = Hello.read(request.payload());
        if (hello.isEmpty()) {
            return said(Answer.of(Answer.BAD_REQUEST));
        }
        if (!cookies.accepts(now, request.source(), hello.get().message())) {
            Octets cookie = cookies.of(now, request.source(), hello.get().message());
            return said(new Answer(Answer.UNAUTHORIZED, FORMAT, hello.get().verifyRequest(cookie)));
        }
        return new Screening.Admitted(new ServerRun(
                request, hello.get(), settings.server().get(), settings.keys(), random, pairs, answered, answers));
    }

    /** What is wrong with the outside of a flight. */
    static Optional<Answer> wrong(Incoming request) {
        if (request.code() != POST) {
            return Optional.of(Answer.of(Answer.METHOD_NOT_ALLOWED));
        }
        if (request.contentFormat() != FORMAT && request.contentFormat() != PRIVATE_FORMAT) {
            return Optional.of(Answer.of(Answer.UNSUPPORTED_FORMAT));
        }
        return request.payload().length() > MAX_FLIGHT ? Optional.of(Answer.of(Answer.TOO_LARGE)) : Optional.empty();
    }

    /**
     * The pair that a handshake gives. After a full one both ends have proven the keys, and it is confirmed. Of an abbreviated one
     * the client has no proof that its last flight arrived: there both ends wait for the first record.
     *
     * @param come closed by this, but for what is in the pair and for the session
     */
    static KeyedPair pair(PairPlan plan, Established come, CodtlsSettings.KeySource source) {
        KeyMaterial nothing = KeyMaterial.adopt(new byte[0]);
        boolean unconfirmed = come.resumed();
        if (source == CodtlsSettings.KeySource.KEY_BLOCK) {
            come.exported().close();
            Established.Taken taken = come.taken();
            return plan.keyed(
                    taken.keys(),
                    come.own(),
                    come.other(),
                    1,
                    new History.ResumeAccepting(taken.edge(), taken.seen()),
                    new History.ResumeSending(Math.max(taken.next(), 1) + GAP),
                    unconfirmed,
                    nothing);
        }
        come.taken().keys().close();
        boolean client = plan.role() == PairRole.INITIATOR;
        SaKdfInput input = new SaKdfInput(
                Octets.EMPTY,
                Octets.EMPTY,
                Octets.EMPTY,
                come.randoms(),
                client ? come.own() : come.other(),
                client ? come.other() : come.own(),
                come.suite(),
                RecordVersion.DTLS12);
        try (KeyMaterial exported = come.exported();
                SaKdf kdf = new SaKdf(exported, input)) {
            return plan.keyed(kdf.pairKeys(), come.own(), come.other(), unconfirmed, nothing);
        }
    }

    @Override
    public void recalled(Instant now, List<InstalledPair> installed) {
        Set<PairId> standing = installed.stream().map(InstalledPair::id).collect(Collectors.toSet());
        begun.recalled(standing);
        answered.recalled(standing);
        pairs.recalled(installed);
    }

    @Override
    public void happened(Instant now, PairEvent event) {
        begun.happened(event);
        answered.happened(event);
        pairs.happened(event);
    }

    private static Screening said(Answer answer) {
        return new Screening.Answered(answer);
    }
}
