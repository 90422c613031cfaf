// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Answer;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.Reasons;
import dev.samd.kmp.kit.StandingPairs;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.jspecify.annotations.Nullable;

/**
 * The initiator's run.
 *
 * <pre>
 * start → reserve → ClientHello --(4.01 with a cookie)--> ClientHello --(2.01)--> …Finished --(2.04)--> install → done
 *        \                                                                      \--(5.03)--> the same flight again
 *         (to replace a pair whose session is known, at a server that knows it too)
 *          \→ ClientHello --(4.01)--> ClientHello --(2.01: CCS, Finished)--> CCS, Finished --(2.04)--> install → done
 * </pre>
 */
final class ClientRun implements Negotiation {
    private static final String ALIVE = "alive";
    private static final String AGAIN = "again";
    private static final String ALERTED = "alerted";
    private static final Duration ALIVE_EVERY = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int REPEATS = 2;
    /** Two hellos and a last flight; a server that wants more exchanges than this does not come to an end. */
    private static final int MOST_FLIGHTS = 6;

    private static final HandshakeFault NO_WAY_ON =
            new HandshakeFault("no answer that goes on", Alerts.fatal(AlertDescription.UNEXPECTED_MESSAGE));

    private static final Pattern SESSION = Pattern.compile(Pattern.quote(CodtlsKmp.BASE) + "/[A-Za-z0-9_-]{1,32}");

    private final Need need;
    private final CodtlsSettings settings;
    private final StandingPairs pairs;
    private final SessionMemory sessions;

    private CodtlsSettings.@Nullable Peer peer;
    private @Nullable DtlsEngine engine;
    private String path = CodtlsKmp.BASE;
    private Octets flight = Octets.EMPTY;
    private int exchange;
    private int repeats;
    private String step = "";
    private Optional<Instant> sessionEnd = Optional.empty();
    private @Nullable Established established;
    private @Nullable KeyedPair pair;
    private KmpOutput.@Nullable Failed ending;

    ClientRun(Need need, CodtlsSettings settings, StandingPairs pairs, SessionMemory sessions) {
        this.need = need;
        this.settings = settings;
        this.pairs = pairs;
        this.sessions = sessions;
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        if (need.content() != Content.MESSAGE || need.form() != Form.SAMD) {
            return fail(Reasons.EPROTONOSUPPORT, "CoDTLS makes SAs for whole messages in the form of samd alone");
        }
        peer = settings.peers().stream()
                .filter(one -> one.target().equals(need.target()))
                .findFirst()
                .orElse(null);
        if (peer == null) {
            return fail(Reasons.ENOKEY, "no credentials for " + need.target());
        }
        if (peer.credentials().fitting(need.suites(), false).isEmpty()) {
            return fail(
                    Reasons.EPROTONOSUPPORT,
                    "the credentials for " + need.target() + " fit none of the policy's suites");
        }
        return List.of(new KmpOutput.ReserveSpi(need.target(), need.local()));
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        if (peer == null) {
            throw new IllegalStateException("an SPI before the start");
        }
        List<CipherSuite> suites = peer.credentials().fitting(need.suites(), false);
        DtlsConnectorConfig config = peer.credentials().config(false, suites, spi, peer.name());
        // Who replaces a pair goes on with its session, once; whatever comes of it, the next handshake is a full one.
        Optional<SessionMemory.Known> known = sessions.take(now, need.replaces());
        if (known.isPresent() && suites.contains(known.get().session().suite())) {
            engine = DtlsEngine.client(config, known.get().session());
            sessionEnd = known.map(SessionMemory.Known::end);
        } else {
            engine = DtlsEngine.client(config);
        }
        known.ifPresent(one -> one.session().close());
        flight = engine.begin();
        return flight.isEmpty() ? fault() : send("beginning a handshake with " + need.target());
    }

    private List<KmpOutput> send(String what) {
        step = what;
        exchange++;
        Outgoing request = new Outgoing(
                need.target(), need.via(), path, CodtlsKmp.FORMAT, CodtlsKmp.FORMAT, flight, Optional.empty());
        return List.of(
                new KmpOutput.Progress(step),
                new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY),
                new KmpOutput.Send(exchange, request));
    }

    @Override
    public List<KmpOutput> onTimer(Instant now, String timer) {
        if (ending != null) {
            return timer.equals(ALERTED) ? List.of(ending) : List.of();
        }
        if (pair != null) {
            return List.of();
        }
        return timer.equals(AGAIN)
                ? send(step)
                : List.of(new KmpOutput.Progress(step), new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY));
    }

    @Override
    public List<KmpOutput> onAnswer(Instant now, int number, Answer answer) {
        if (ending != null) {
            return List.of(ending);
        }
        if (engine == null) {
            throw new IllegalStateException("an answer before the handshake");
        }
        boolean last = !path.equals(CodtlsKmp.BASE);
        if (answer.code() == Answer.UNAVAILABLE && last && repeats < REPEATS) {
            repeats++;
            return List.of(
                    new KmpOutput.Progress("waiting for " + need.target()), new KmpOutput.SetTimer(AGAIN, PAUSE));
        }
        boolean cookie =
                answer.code() == Answer.UNAUTHORIZED && !answer.payload().isEmpty() && exchange == 1;
        if (!answer.isSuccess() && !cookie) {
            return refused(answer);
        }
        if (answer.code() == Answer.CREATED && !last) {
            if (!SESSION.matcher(answer.location()).matches()) {
                return fail(Reasons.EPROTO, need.target() + path + " answered without a place for the next flight");
            }
            path = answer.location();
        }
        if (established != null) {
            return install(established);
        }
        Octets sent = flight;
        flight = engine.take(answer.payload());
        established = engine.takeEstablished().orElse(null);
        if (established != null && flight.isEmpty()) {
            return install(established);
        }
        if (last && engine.refusal().isPresent() && repeats < REPEATS) {
            // Not the server's last flight, whoever sent it: the server gives its own again.
            repeats++;
            flight = sent;
            return send(step);
        }
        if (flight.isEmpty() || exchange >= MOST_FLIGHTS) {
            return fault();
        }
        return send(cookie ? "showing a cookie to " + need.target() : "finishing the handshake with " + need.target());
    }

    private List<KmpOutput> refused(Answer answer) {
        String what = need.target() + path;
        return Alerts.in(answer.payload())
                .map(alert ->
                        fail(Reasons.EKEYREJECTED, what + " refused the handshake with " + alert + ", unauthenticated"))
                .orElseGet(() -> end(Reasons.answered(what, answer)));
    }

    /** Says why the handshake came to nothing, first to the peer where it has a run to end. */
    private List<KmpOutput> fault() {
        DtlsEngine ended = engine;
        if (ended == null) {
            throw new IllegalStateException("a fault before the handshake");
        }
        HandshakeFault fault = ended.fault().or(ended::refusal).orElseGet(() -> NO_WAY_ON);
        KmpOutput.Failed failed = Reasons.failed(
                Reasons.EKEYREJECTED, "the handshake with " + need.target() + " failed: " + fault.reason());
        if (path.equals(CodtlsKmp.BASE)) {
            return end(failed);
        }
        abandon();
        ending = failed;
        flight = fault.alert();
        List<KmpOutput> outputs = new ArrayList<>(send("ending the handshake with " + need.target()));
        // It does not matter whether it arrives; those who wait for the keys do not wait long for that.
        outputs.add(new KmpOutput.SetTimer(ALERTED, PAUSE));
        return outputs;
    }

    private List<KmpOutput> install(Established come) {
        if (peer == null) {
            throw new IllegalStateException("a handshake with nobody");
        }
        Identity identity = Identities.of(come.peer(), peer.name());
        if (need.acceptable().stream().noneMatch(pattern -> pattern.fits(identity, need.target()))) {
            return fail(Reasons.EACCES, need.target() + " is " + identity + ", whom the policy does not accept");
        }
        if (settings.keys() == CodtlsSettings.KeySource.EXPORTER
                && come.exported().length() == 0) {
            return fail(Reasons.EPROTO, need.target() + " gives no session ID, which the exporter needs here");
        }
        PairPlan plan = PairPlan.of(need, identity, come.suite(), Rights.NONE);
        pair = CodtlsKmp.pair(plan, come, settings.keys());
        closeEngine();
        return List.of(new KmpOutput.Progress("installing"), new KmpOutput.Install(pair));
    }

    @Override
    public List<KmpOutput> onSilence(Instant now, int number) {
        if (ending != null) {
            return List.of(ending);
        }
        if (!path.equals(CodtlsKmp.BASE) && repeats < REPEATS) {
            repeats++;
            return send(step);
        }
        return fail(Reasons.ETIMEDOUT, "no answer from " + need.target() + path);
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId id) {
        if (pair == null || established == null) {
            throw new IllegalStateException("a pair is installed that nobody made");
        }
        pairs.installed(id, pair);
        sessions.keep(now, id, established, established.resumed() ? sessionEnd : Optional.empty());
        established = null;
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
        closeEngine();
        if (established != null) {
            // Of what has become a pair only the session is left; the rest is closed or the driver's.
            if (pair == null) {
                established.close();
            } else {
                established.session().close();
            }
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
