// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.kmp.kit.AnswerMemory;
import dev.samd.kmp.kit.PairPlan;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** SAs from Kerberos service tickets, both sides. */
final class KerberosKmp implements Kmp {
    static final String NAME = "kerberos";

    private static final int NONCE = 8;
    private static final int POST = 2;
    private static final int WINDOW = 128;
    /** As long as the pair waits for its first record: a later repetition would be of no use. */
    private static final Duration REPEATED = Duration.ofSeconds(60);

    private final KerberosSettings settings;
    private final Tickets tickets;
    private final RandomGenerator random;
    private final StandingPairs pairs = new StandingPairs();
    private final AnswerMemory answers = new AnswerMemory(REPEATED);
    private final SeenRequests seen = new SeenRequests();

    KerberosKmp(KerberosSettings settings, Tickets tickets, RandomGenerator random) {
        this.settings = settings;
        this.tickets = tickets;
        this.random = random;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String probePath() {
        return Messages.RESOURCE;
    }

    @Override
    public List<String> resources() {
        return settings.server().isPresent() ? List.of(Messages.RESOURCE) : List.of();
    }

    @Override
    public Negotiation initiate(Need need) {
        Optional<Service> service = settings.services().stream()
                .filter(one -> one.isOf(need.target()))
                .findFirst()
                .map(one -> one.at(need.target()));
        return new AskRun(need, service, tickets, nonce());
    }

    @Override
    public Screening screen(Instant now, Incoming request) {
        request.under().ifPresent(pair -> pair.kmpPrivate().close());
        if (request.code() != POST) {
            return answered(Answer.METHOD_NOT_ALLOWED);
        }
        if (request.contentFormat() != Messages.FORMAT) {
            return answered(Answer.UNSUPPORTED_FORMAT);
        }
        if (request.payload().length() > Messages.MAX_REQUEST) {
            return answered(Answer.TOO_LARGE);
        }
        return settings.server()
                .map(server -> screen(now, request, server))
                .orElseGet(() -> answered(Answer.FORBIDDEN));
    }

    private Screening screen(Instant now, Incoming incoming, KerberosSettings.Server server) {
        Optional<Messages.Request> read = Messages.readRequest(incoming.payload());
        if (read.isEmpty()) {
            return answered(Answer.BAD_REQUEST);
        }
        Messages.Request request = read.get();
        Octets hash = Messages.sha256(request.token().toArray());
        Optional<Answer> before = answers.find(now, hash.toHex(), request.carried());
        if (before.isPresent()) {
            return new Screening.Answered(before.get());
        }
        if (seen.has(now, hash)) {
            return refused(now, Refusal.REPEATED, "an AP-REQ that was shown before");
        }
        Optional<CipherSuite> suite = request.suites().stream()
                .flatMap(code -> server.suites().stream().filter(one -> one.code() == code))
                .findFirst();
        if (!request.understood() || suite.isEmpty()) {
            return new Screening.Answered(
                    Answer.of(Answer.NOT_ACCEPTABLE), "no suite, record version and content in common");
        }
        try {
            Acceptor.Accepted accepted = server.acceptor().accept(request.token(), request.binding());
            seen.add(now, hash);
            if (!accepted.end().isAfter(now)) {
                accepted.subkey().close();
                // The JDK lets a ticket live on for the clock skew; a pair without any time left is of no use.
                return refused(now, Refusal.EXPIRED, "ticket of " + accepted.client() + " ended at " + accepted.end());
            }
            PairPlan plan = plan(server, accepted, suite.get(), incoming.local());
            return new Screening.Admitted(new AcceptRun(request, accepted, plan, nonce(), (at, id, pair, answer) -> {
                pairs.installed(id, pair);
                answers.keep(at, hash.toHex(), request.carried(), answer);
            }));
        } catch (RefusedException e) {
            return refused(now, e.refusal(), String.valueOf(e.getMessage()));
        }
    }

    private static Screening refused(Instant now, Refusal refusal, String reason) {
        return new Screening.Answered(refusal.answer(now), reason);
    }

    private PairPlan plan(
            KerberosSettings.Server server, Acceptor.Accepted accepted, CipherSuite suite, Endpoint local) {
        Principal client = accepted.client();
        Identity identity = client.identity();
        Endpoint peer = client.peer(server.acceptor().realm());
        return new PairPlan(
                PairRole.RESPONDER,
                peer,
                local,
                identity,
                suite,
                Content.MESSAGE,
                Form.SAMD,
                WINDOW,
                server.lifetime(),
                new Rights(client.realm(), client.name(), "", Octets.EMPTY, Optional.of(accepted.end())),
                0,
                server.unique() ? pairs.newest(identity, peer, local) : PairId.NONE);
    }

    private static Screening answered(int code) {
        return new Screening.Answered(Answer.of(code));
    }

    private Octets nonce() {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        return Octets.of(nonce);
    }

    @Override
    public void recalled(Instant now, List<InstalledPair> installed) {
        pairs.recalled(installed);
    }

    @Override
    public void happened(Instant now, PairEvent event) {
        pairs.happened(event);
    }
}
