// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.kmp.kit.AnswerMemory;
import dev.samd.kmp.kit.StandingPairs;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** SAs from the four messages of LESS-A1 (docs/less.md), both sides. */
final class LessKmp implements Kmp {
    static final String NAME = "less";
    /** Content-Format of every message: application/octet-stream. */
    static final int FORMAT = 42;
    /** The resource. */
    static final String BASE = "/.well-known/less";
    /** The name that the resource had first. */
    static final String ALIAS = "/authorize";

    /** Marks a message of LESS; always empty. */
    static final int AUTH = 65001;
    /** Says which message: 0 for M1, 1 for M3. */
    static final int AUTH_MSG_TYPE = 65005;

    private static final Duration REMEMBER = Duration.ofSeconds(60);
    private static final int POST = 2;

    private final LessSettings settings;
    private final RandomGenerator random;
    private final StandingPairs pairs = new StandingPairs();
    private final AnswerMemory answers = new AnswerMemory(REMEMBER);
    /** DIs of this host: whoever comes with one is a reflection of itself. */
    private final Set<Octets> own;

    LessKmp(LessSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.own = settings.client().stream().map(LessSettings.Client::device).collect(Collectors.toSet());
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
    public Set<Integer> options() {
        return Set.of(AUTH, AUTH_MSG_TYPE);
    }

    @Override
    public Negotiation initiate(Need need) {
        return new ClientRun(need, settings.client(), random, pairs);
    }

    @Override
    public Screening screen(Instant now, Incoming request) {
        request.under().ifPresent(pair -> pair.kmpPrivate().close());
        if (settings.server().isEmpty()) {
            return answered(Answer.of(Answer.FORBIDDEN));
        }
        LessSettings.Server server = settings.server().get();
        boolean first = request.path().equals(BASE) || request.path().equals(ALIAS);
        Optional<Answer> wrong = wrong(request, first ? 0 : 1);
        if (wrong.isPresent()) {
            return answered(wrong.get());
        }
        if (!first) {
            return answered(
                    answers.find(now, request.path(), request.payload()).orElseGet(() -> Answer.of(Answer.NOT_FOUND)));
        }
        Optional<FirstMessage> read = FirstMessage.read(request.payload());
        if (read.isEmpty()) {
            return answered(Answer.of(Answer.BAD_REQUEST));
        }
        FirstMessage m1 = read.get();
        Optional<CipherSuite> suite = m1.suites().stream()
                .flatMap(code -> server.suites().stream().filter(mine -> mine.code() == code))
                .findFirst();
        if (suite.isEmpty()) {
            return answered(new Answer(Answer.NOT_ACCEPTABLE, FORMAT, numbers(server.suites())));
        }
        Optional<KeyMaterial> y =
                Optional.ofNullable(server.devices().get(m1.device())).filter(known -> !own.contains(m1.device()));
        if (y.isEmpty() && !server.hideIdentity()) {
            return answered(Answer.of(Answer.UNAUTHORIZED));
        }
        // An unknown device is challenged under a secret that nobody has: it fails as one with a wrong secret does.
        KeyMaterial secret = y.map(LessKmp::copy).orElseGet(() -> KeyMaterial.adopt(random(random, Challenge.KEY)));
        return new Screening.Admitted(new ServerRun(request, m1, suite.get(), secret, server, random, pairs, answers));
    }

    /** What is wrong with the outside of a message. */
    static Optional<Answer> wrong(Incoming request, int type) {
        if (request.code() != POST) {
            return Optional.of(Answer.of(Answer.METHOD_NOT_ALLOWED));
        }
        Octets auth = request.options().get(AUTH);
        if (auth == null || !auth.isEmpty()) {
            return Optional.of(Answer.of(Answer.BAD_OPTION));
        }
        Octets said = request.options().get(AUTH_MSG_TYPE);
        if (said == null || said.length() > 1 || (said.isEmpty() ? 0 : said.at(0)) != type) {
            return Optional.of(Answer.of(Answer.BAD_REQUEST));
        }
        return request.contentFormat() == FORMAT ? Optional.empty() : Optional.of(Answer.of(Answer.UNSUPPORTED_FORMAT));
    }

    @Override
    public void recalled(Instant now, List<InstalledPair> installed) {
        pairs.recalled(installed);
    }

    @Override
    public void happened(Instant now, PairEvent event) {
        pairs.happened(event);
    }

    static byte[] random(RandomGenerator random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    static KeyMaterial copy(KeyMaterial secret) {
        byte[] octets = secret.borrow();
        if (octets == null) {
            throw new IllegalStateException("use of a closed secret");
        }
        try {
            return KeyMaterial.copyOf(octets);
        } finally {
            secret.giveBack();
        }
    }

    private static Octets numbers(List<CipherSuite> suites) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        suites.forEach(suite -> {
            out.write(suite.code() >> 8);
            out.write(suite.code());
        });
        return Octets.of(out.toByteArray());
    }

    private static Screening answered(Answer answer) {
        return new Screening.Answered(answer);
    }
}
