// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.Answer;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.kdf.ContextHash;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.kmp.kdf.SaKdfInput;
import dev.samd.kmp.kit.PairPlan;
import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Form;
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
import org.jspecify.annotations.Nullable;

/** The initiator's run: reserve, ticket, post, derive, install. Owns its offer. */
final class AskRun implements Negotiation {
    private static final int TICKET = 1;
    private static final int POST = 1;
    private static final String ALIVE = "alive";
    private static final Duration ALIVE_EVERY = Duration.ofSeconds(20);

    private final Need need;
    private final Optional<Service> service;
    private final Tickets tickets;
    private final Octets n1;
    private final List<Integer> suites;

    private @Nullable Spi reserved;
    private Tickets.@Nullable Offer offer;
    private Octets post = Octets.EMPTY;
    private String step = "asking for a ticket";

    AskRun(Need need, Optional<Service> service, Tickets tickets, Octets n1) {
        this.need = need;
        this.service = service;
        this.tickets = tickets;
        this.n1 = n1;
        this.suites = need.suites().stream().map(CipherSuite::code).toList();
    }

    @Override
    public List<KmpOutput> start(Instant now) {
        if (need.content() != Content.MESSAGE || need.form() != Form.SAMD) {
            return fail(
                    Reasons.EPROTONOSUPPORT,
                    "kerberos makes SAs for content MESSAGE in form SAMD, not " + need.content() + " in form "
                            + need.form());
        }
        if (service.isEmpty()) {
            return fail(Reasons.ENOKEY, "kerberos has no service for " + need.target());
        }
        return List.of(new KmpOutput.ReserveSpi(need.target(), need.local()));
    }

    @Override
    public List<KmpOutput> onReserved(Instant now, Spi spi) {
        reserved = spi;
        Service asked = service.orElseThrow();
        Octets binding = Messages.binding(n1, spi, suites);
        return List.of(
                new KmpOutput.Progress(step),
                new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY),
                new KmpOutput.Work(TICKET, () -> offer = tickets.offer(asked, binding)));
    }

    @Override
    public List<KmpOutput> onWorked(Instant now, int number, Optional<Exception> failure) {
        if (failure.isPresent()) {
            int errno = failure.get() instanceof KerberosException no ? no.errno() : Reasons.EPROTO;
            return fail(
                    errno,
                    "no ticket for " + need.target() + ": " + failure.get().getMessage());
        }
        if (offer == null || reserved == null) {
            throw new IllegalStateException("a ticket was got that is not there");
        }
        Principal peer = offer.service();
        if (need.acceptable().stream().noneMatch(pattern -> pattern.fits(peer.identity(), need.target()))) {
            return fail(Reasons.EACCES, peer + " is not acceptable as " + need.target());
        }
        post = Messages.request(offer.token(), n1, reserved, suites);
        step = "posting the ticket";
        Outgoing request = new Outgoing(
                need.target(), need.via(), Messages.RESOURCE, Messages.FORMAT, Messages.FORMAT, post, Optional.empty());
        return List.of(new KmpOutput.Progress(step), new KmpOutput.Send(POST, request));
    }

    @Override
    public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
        String what = need.target() + Messages.RESOURCE;
        if (answer.code() != Answer.CREATED) {
            KmpOutput.Failed failed = Reasons.answered(what, answer);
            return fail(
                    failed.errno(),
                    Refusal.read(answer, now)
                            .map(told -> failed.reason() + ": " + told)
                            .orElse(failed.reason()));
        }
        Optional<Messages.Reply> read =
                answer.contentFormat() == Messages.FORMAT ? Messages.readReply(answer.payload()) : Optional.empty();
        Optional<CipherSuite> suite = read.filter(Messages.Reply::understood).flatMap(good -> need.suites().stream()
                .filter(offered -> offered.code() == good.suite())
                .findFirst());
        if (offer == null
                || reserved == null
                || suite.isEmpty()
                || read.get().id2().equals(reserved)) {
            return fail(Reasons.EPROTO, what + " answered something that is no answer, unauthenticated");
        }
        if (!offer.end().isAfter(now)) {
            return fail(
                    Reasons.EKEYREJECTED, "the ticket for " + offer.service() + " ended before " + what + " answered");
        }
        Messages.Reply good = read.get();
        SaKdfInput input = new SaKdfInput(
                Octets.EMPTY,
                n1,
                good.n2(),
                ContextHash.of(post, good.carried()),
                reserved,
                good.id2(),
                suite.get(),
                RecordVersion.DTLS12);
        Principal peer = offer.service();
        Rights rights = new Rights(peer.realm(), peer.name(), "", Octets.EMPTY, Optional.of(offer.end()));
        PairPlan plan = PairPlan.of(need, peer.identity(), suite.get(), rights);
        // The AP-REP proves the subkey, but not the rest of the answer: whoever changes N2 or ID2 on the way would put
        // a
        // pair of keys that nobody has into the place of a good one. The first good record proves all of it.
        try (KeyMaterial ikm = offer.subkey(good.token());
                SaKdf kdf = new SaKdf(ikm, input)) {
            step = "installing";
            return List.of(
                    new KmpOutput.Progress(step),
                    new KmpOutput.Install(
                            plan.keyed(kdf.pairKeys(), reserved, good.id2(), true, KeyMaterial.adopt(new byte[0]))));
        } catch (KerberosException e) {
            return fail(e.errno(), what + ": " + e.getMessage());
        } finally {
            abandon();
        }
    }

    @Override
    public List<KmpOutput> onSilence(Instant now, int exchange) {
        return fail(Reasons.ETIMEDOUT, "no answer from " + need.target() + Messages.RESOURCE);
    }

    @Override
    public List<KmpOutput> onTimer(Instant now, String timer) {
        return List.of(new KmpOutput.Progress(step), new KmpOutput.SetTimer(ALIVE, ALIVE_EVERY));
    }

    @Override
    public List<KmpOutput> onInstalled(Instant now, PairId pair) {
        return List.of(new KmpOutput.Done());
    }

    @Override
    public List<KmpOutput> onRefused(Instant now, SaException refusal) {
        return fail(refusal.error().errno(), "the daemon refused: " + refusal.getMessage());
    }

    private List<KmpOutput> fail(int errno, String reason) {
        abandon();
        return List.of(Reasons.failed(errno, reason));
    }

    @Override
    public void abandon() {
        if (offer != null) {
            offer.close();
            offer = null;
        }
    }
}
