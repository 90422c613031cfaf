// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.kit.AnswerMemory;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.Reasons;
import dev.samd.kmp.kit.StandingPairs;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The responder's run, for a hello that has shown its cookie.
 *
 * <pre>
 * ClientHello → reserve → ServerHello…Done, listens --(…Finished)--> install → CCS, Finished; done
 *                     \                          \--(what is no flight)--> 4.00, up to seven times
 *                      \                         \--(a flight that fails, the eighth, too late)--> failed
 *                       (a session that is known)
 *                        \→ ServerHello, CCS, Finished, listens --(CCS, Finished)--> install → nothing; done
 * </pre>
 */
final class ServerRun implements Negotiation {
    private static final String HALF_OPEN = "half-open";
    private static final int MOST_FAILURES = 8;
    private static final int SID = 8;

    /** The SPI is reserved before anybody knows for whom. */
    private static final Endpoint UNKNOWN = Endpoint.parse("coap://unknown.codtls");

    private final Incoming request;
    private final Hello hello;
    private final CodtlsSettings.Server server;
    private final CodtlsSettings.KeySource keys;
    private final RandomGenerator random;
    private final StandingPairs pairs;
    private final SessionMemory sessions;
    private final AnswerMemory answers;

    private @Nullable DtlsEngine engine;
    private String path = "";
    private int failures;
    private String hint = "";
    private Octets last = Octets.EMPTY;
    private Octets finish = Octets.EMPTY;
    private Optional<Instant> sessionEnd = Optional.empty();
    private @Nullable Established established;
    private @Nullable KeyedPair pair;

    ServerRun(
            Incoming request,
            Hello hello,
            CodtlsSettings.Server server,
            CodtlsSettings.KeySource keys,
            RandomGenerator random,
            StandingPairs pairs,
            SessionMemory sessions,
            AnswerMemory answers) {
        this.request = request;
        this.hello = hello;
        this.server = server;
        this.keys = keys;
        this.random = random;
        this.pairs = pairs;
        this.sessions = sessions;
        this.answers = answers;
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        return List.of(
                new KmpOutput.SetTimer(HALF_OPEN, CodtlsSettings.Server.HALF_OPEN),
                new KmpOutput.ReserveSpi(UNKNOWN, request.local()));
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        List<CipherSuite> suites = server.credentials().fitting(server.suites(), true);
        Credentials credentials = server.credentials();
        sessionEnd = sessions.find(now, hello.sessionId()).map(SessionMemory.Known::end);
        engine = DtlsEngine.server(
                sessions.isUsed()
                        ? credentials.config(suites, spi, new KnownSessions(sessions, now))
                        : credentials.config(true, suites, spi, ""),
                hello);
        Octets flight = engine.begin(hello);
        Optional<HandshakeFault> fault = engine.fault();
        if (fault.isPresent() || flight.isEmpty()) {
            return refuse(fault);
        }
        byte[] sid = new byte[SID];
        random.nextBytes(sid);
        path = request.path() + "/" + Base64.getUrlEncoder().withoutPadding().encodeToString(sid);
        return List.of(
                new KmpOutput.Listen(path),
                new KmpOutput.Reply(new Answer(Answer.CREATED, CodtlsKmp.FORMAT, flight, path)));
    }

    @Override
    public List<KmpOutput> onRequest(Instant now, Incoming next) {
        Optional<Answer> wrong = CodtlsKmp.wrong(next);
        if (wrong.isPresent()) {
            return List.of(new KmpOutput.Reply(wrong.get()));
        }
        if (engine == null) {
            throw new IllegalStateException("a flight before the first");
        }
        Octets flight = engine.take(next.payload());
        Optional<Established> come = engine.takeEstablished();
        if (come.isPresent()) {
            last = next.payload();
            finish = flight;
            return install(come.get());
        }
        Optional<HandshakeFault> fault = engine.fault();
        if (fault.isPresent()) {
            return refuse(fault);
        }
        failures++;
        Octets alert = refusal(next.payload());
        return failures < MOST_FAILURES
                ? List.of(new KmpOutput.Reply(refused(alert)))
                : refuse(Optional.of(new HandshakeFault(failures + " flights came to nothing" + hint, alert)));
    }

    /** Notes what was wrong with a flight that does not end the run, and gives the alert that says so. */
    private Octets refusal(Octets payload) {
        Optional<String> said = Alerts.in(payload);
        if (said.isPresent()) {
            hint = ", the peer says " + said.get() + ", unauthenticated";
            return Octets.EMPTY;
        }
        Optional<HandshakeFault> refusal = engine == null ? Optional.empty() : engine.refusal();
        hint = refusal.map(one -> ", last " + one.reason()).orElse(hint);
        return refusal.map(HandshakeFault::alert).orElse(Octets.EMPTY);
    }

    private static Answer refused(Octets alert) {
        return alert.isEmpty()
                ? Answer.of(Answer.BAD_REQUEST)
                : new Answer(Answer.BAD_REQUEST, CodtlsKmp.FORMAT, alert);
    }

    private List<KmpOutput> install(Established come) {
        Identity identity = Identities.of(come.peer());
        Endpoint peer = Identities.peer(identity);
        PairPlan plan = new PairPlan(
                PairRole.RESPONDER,
                peer,
                request.local(),
                identity,
                come.suite(),
                Content.MESSAGE,
                Form.SAMD,
                SaParameters.DEFAULT_WINDOW,
                server.lifetime(),
                Rights.NONE,
                0,
                server.unique() ? pairs.newest(identity, peer, request.local()) : PairId.NONE);
        pair = CodtlsKmp.pair(plan, come, keys);
        established = come;
        closeEngine();
        return List.of(new KmpOutput.Install(pair));
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId id) {
        if (pair == null || established == null) {
            throw new IllegalStateException("a pair is installed that nobody made");
        }
        pairs.installed(id, pair);
        sessions.keep(now, id, established, established.resumed() ? sessionEnd : Optional.empty());
        established = null;
        Answer answer =
                finish.isEmpty() ? Answer.of(Answer.CHANGED) : new Answer(Answer.CHANGED, CodtlsKmp.FORMAT, finish);
        answers.keep(now, path, last, answer);
        return List.of(new KmpOutput.Reply(answer), new KmpOutput.Done());
    }

    @Override
    public List<KmpOutput> onRefused(Instant now, SaException refusal) {
        abandon();
        return List.of(
                new KmpOutput.Reply(Answer.of(Answer.UNAVAILABLE)),
                Reasons.failed(refusal.error().errno(), "the daemon refused: " + refusal.getMessage()));
    }

    private List<KmpOutput> refuse(Optional<HandshakeFault> fault) {
        abandon();
        Octets alert = fault.map(HandshakeFault::alert).orElse(Octets.EMPTY);
        return List.of(
                new KmpOutput.Reply(refused(alert)),
                Reasons.failed(
                        Reasons.EKEYREJECTED,
                        "the handshake failed: "
                                + fault.map(HandshakeFault::reason).orElse("no common suite")));
    }

    @Override
    public List<KmpOutput> onTimer(Instant now, String timer) {
        if (pair != null) {
            return List.of();
        }
        abandon();
        return List.of(Reasons.failed(Reasons.ETIMEDOUT, "the handshake stood still for 60 s" + hint));
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
        closeEngine();
        if (established != null) {
            established.session().close();
            established = null;
        }
    }

    private void closeEngine() {
        if (engine != null) {
            engine.close();
            engine = null;
        }
    }
}
