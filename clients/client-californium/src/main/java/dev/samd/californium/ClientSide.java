// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.BYPASSED;
import static dev.samd.californium.ProtectionCounters.Event.CLEAR_RESPONSE_DROPPED;
import static dev.samd.californium.ProtectionCounters.Event.DAEMON_ABSENT;
import static dev.samd.californium.ProtectionCounters.Event.HOP_BLOCKS_REFUSED;
import static dev.samd.californium.ProtectionCounters.Event.NOT_PROTECTED;
import static dev.samd.californium.ProtectionCounters.Event.PROTECTED;
import static dev.samd.californium.ProtectionCounters.Event.REPEATED;
import static dev.samd.californium.ProtectionCounters.Event.STALE;
import static dev.samd.californium.ProtectionCounters.Event.UNAUTHENTICATED_ERROR;
import static dev.samd.californium.ProtectionCounters.Event.UNPROTECTED;
import static dev.samd.californium.ProtectionCounters.Event.UNREADABLE;

import dev.samd.client.Discarded;
import dev.samd.client.Opened;
import dev.samd.client.ProtectOutcome;
import dev.samd.client.ProtectRequest;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.UnprotectOutcome;
import dev.samd.client.UnprotectRequest;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.elements.util.StringUtil;

/**
 * Requests of the program and their answers.
 *
 * <p>An answer that the daemon discards is as good as lost: the request waits on, and reliability goes on repeating it. An
 * unprotected 2.xx is dropped. An unprotected error ends the request, marked as unauthenticated, unless a protected answer
 * comes within the grace: anybody can send one, and nobody may win with it.
 *
 * <p>A server may ask for an Echo value (RFC 9175), so that no request reaches it that was held back on the way: the request is
 * made once more with that value, under a new record, and so are later ones to the same target. The program sees none of it,
 * unless it says an Echo value itself.
 *
 * <p>A request that the policy lets pass in clear is the exception: it leaves as it is, and what answers it is taken as it
 * comes, marked as unauthenticated.
 */
final class ClientSide {
    private final SamdOptions options;
    private final MessageConverter converter;
    private final Rooms rooms;
    private final Neighbours neighbours;
    private final Supplier<ScheduledExecutorService> timer;
    private final NotificationOrder order = new NotificationOrder();
    private final EchoMemory echoes = new EchoMemory();

    ClientSide(
            SamdOptions options,
            MessageConverter converter,
            Rooms rooms,
            Neighbours neighbours,
            Supplier<ScheduledExecutorService> timer) {
        this.options = options;
        this.converter = converter;
        this.rooms = rooms;
        this.neighbours = neighbours;
        this.timer = timer;
    }

    /** Whether the request leaves in clear: a ping, which says nothing, or a path that the program names. */
    boolean inClear(Request request) {
        return request.getRawCode() == 0 || options.clear().letOut(request);
    }

    Exchange open(Exchange lower, Request request) {
        if (inClear(request)) {
            return lower;
        }
        TwinExchange twin = TwinExchange.outgoing(lower, request);
        request.addMessageObserver(new ProgramRequest(twin));
        return twin;
    }

    void send(TwinExchange twin, Request inner) {
        send(twin, inner, Optional.empty());
    }

    /**
     * Sends a request.
     *
     * @param before its protected form that the server asked an Echo value for
     */
    private void send(TwinExchange twin, Request inner, Optional<Request> before) {
        twin.waits(rooms.requests()
                .park(
                        twin.lower(),
                        System.nanoTime(),
                        () -> options.protection().protect(protectRequest(inner)),
                        answer -> sendOuter(twin, inner, before, answer),
                        failure -> fail(twin, inner, failure)));
    }

    private ProtectRequest protectRequest(Request inner) {
        if (inner.isMulticast()) {
            throw new SamdProtectionException(
                    SaError.NOT_PROTECTABLE, "not sent, a group of receivers has no SA: " + inner.getURI());
        }
        if (inner.getDestinationContext() instanceof SamdEndpointContext context && context.isPair()) {
            throw new SamdProtectionException(
                    SaError.NO_TARGET, "not sent, the source of a protected request is no destination: " + context);
        }
        Optional<Octets> echo = saysEcho(inner) ? Optional.empty() : echoes.of(MessageConverter.target(inner));
        return new ProtectRequest(
                echo.map(value -> MessageConverter.withEcho(inner, value))
                        .orElseGet(() -> MessageConverter.octets(inner)),
                options.local(),
                MessageConverter.defaultTarget(inner),
                Octets.EMPTY,
                MessageConverter.proxy(inner),
                options.acquirePatience());
    }

    private static boolean saysEcho(Message message) {
        return message.getOptions().hasOption(StandardOptionRegistry.ECHO);
    }

    private void sendOuter(TwinExchange twin, Request inner, Optional<Request> before, ProtectOutcome outcome) {
        Request root = twin.getRequest();
        if (root.isCanceled() || inner.isCanceled() || twin.isComplete()) {
            return; // cancelled while parked
        }
        try {
            if (outcome instanceof ProtectedMessage answer) {
                Request outer = converter.outerRequest(answer.coap(), inner);
                if (inner.isObserve()) {
                    ObservationMemo memo = new ObservationMemo(answer.reference(), MessageConverter.octets(inner));
                    outer.setUserContext(memo.addTo(inner.getUserContext()));
                }
                boolean repeatable = before.isEmpty() && !saysEcho(inner);
                down(Awaited.ofProtected(twin, inner, answer.reference(), repeatable), before, outer);
                options.counters().add(PROTECTED);
            } else {
                // As the program made it: an Echo value is for nobody to see.
                Request outer = converter.outerRequest(MessageConverter.octets(inner), inner);
                down(Awaited.ofClear(twin, inner), before, outer);
                options.counters().add(BYPASSED);
            }
        } catch (RuntimeException e) {
            Awaited.fail(twin, inner, e);
        }
    }

    private void down(Awaited awaited, Optional<Request> before, Request outer) {
        TwinExchange twin = awaited.twin();
        outer.addMessageObserver(new HopLink.OfRequest(awaited, outer));
        Request whole = twin.lower().getRequest();
        if (whole == twin.getRequest() || (before.isPresent() && whole == before.get())) {
            twin.lower().setRequest(outer);
        }
        neighbours.down(twin.lower(), outer);
    }

    private void fail(TwinExchange twin, Request inner, SamdProtectionException failure) {
        options.counters().add(NOT_PROTECTED);
        Awaited.fail(twin, inner, failure);
    }

    void receive(Exchange lower, Response outer) {
        HopLink.OfRequest link = lower.getCurrentRequest().getMessageObserver(HopLink.OfRequest.class);
        if (link != null) {
            receive(link.awaited(), link::listenOn, outer);
            return;
        }
        Optional<ObservationMemo> memo =
                lower.isNotification() ? ObservationMemo.of(lower.getRequest()) : Optional.empty();
        if (memo.isPresent()) {
            receive(notified(lower, memo.get()), () -> {}, outer);
        } else if (OuterSigns.areProtected(outer)) {
            options.counters().add(STALE);
        } else {
            neighbours.up(lower, outer);
        }
    }

    /** The registration again, for one of its notifications. */
    private Awaited notified(Exchange lower, ObservationMemo memo) {
        Request outer = lower.getRequest();
        Message message = converter.message(memo.request());
        if (!(message instanceof Request inner)) {
            throw new IllegalStateException("an observation that a response began");
        }
        inner.setType(outer.getType());
        inner.setMID(outer.getMID());
        inner.setToken(outer.getToken());
        inner.setDestinationContext(outer.getDestinationContext());
        inner.setUserContext(outer.getUserContext());
        TwinExchange twin = TwinExchange.outgoing(lower, inner);
        inner.addMessageObserver(new MessageObserverAdapter(true) {
            @Override
            public void onResponse(Response response) {
                outer.setResponse(response);
            }
        });
        return Awaited.ofProtected(twin, inner, memo.reference(), false);
    }

    private void receive(Awaited awaited, Runnable listenOn, Response outer) {
        if (awaited.reference().isPresent()) {
            receive(awaited, awaited.reference().get(), listenOn, outer);
        } else {
            receiveBypassed(awaited, listenOn, outer);
        }
    }

    private void receive(Awaited awaited, Octets reference, Runnable listenOn, Response outer) {
        if (!OuterSigns.areProtected(outer)) {
            receiveClear(awaited, listenOn, outer);
            return;
        }
        if (OuterSigns.inHopBlocks(outer)) {
            options.counters().add(HOP_BLOCKS_REFUSED);
            afterGrace(awaited, () -> awaited.twin()
                    .getRequest()
                    .setOnResponseError(new SamdProtectionException(
                            SaError.TOO_LARGE, "the answer was cut by a hop; ask for smaller blocks")));
            return;
        }
        UnprotectRequest call = unprotectRequest(reference, outer);
        rooms.others()
                .park(
                        awaited.twin().lower(),
                        System.nanoTime(),
                        () -> options.protection().unprotect(call),
                        outcome -> receive(awaited, listenOn, outer, outcome),
                        failure -> {
                            options.counters().add(DAEMON_ABSENT);
                            listenOn.run();
                        });
    }

    private void receive(Awaited awaited, Runnable listenOn, Response outer, UnprotectOutcome outcome) {
        if (outcome instanceof Discarded discarded) {
            options.counters().add(discarded.reason());
            listenOn.run();
            return;
        }
        if (!awaited.open()) {
            options.counters().add(STALE);
            return;
        }
        if (!(outcome instanceof Opened opened)) {
            receiveClear(awaited, listenOn, outer);
            return;
        }
        Optional<Response> inner = read(opened, awaited);
        if (inner.isEmpty()) {
            options.counters().add(UNREADABLE);
            listenOn.run();
            return;
        }
        Response response = inner.get();
        if (asksForEcho(awaited, response)) {
            awaited.answered();
            repeat(awaited);
            return;
        }
        MessageConverter.fromHop(
                response, outer, SamdEndpointContext.ofResponder(outer.getSourceContext(), opened.sender()));
        keepTimes(awaited, response, outer);
        if (response.isNotification() && !inOrder(awaited, response, opened.observeOrder())) {
            options.counters().add(STALE);
            return;
        }
        awaited.answered();
        options.counters().add(UNPROTECTED);
        neighbours.up(awaited.twin(), response);
    }

    /** Whether the answer is only that the request has to bring an Echo value. That value goes along from here on. */
    private boolean asksForEcho(Awaited awaited, Response response) {
        Request inner = awaited.inner();
        Option echo = response.getOptions().getOtherOption(StandardOptionRegistry.ECHO);
        if (response.getCode() != ResponseCode.UNAUTHORIZED || echo == null || saysEcho(inner)) {
            return false;
        }
        echoes.remember(MessageConverter.target(inner), Octets.of(echo.getValue()));
        return awaited.repeatable();
    }

    /** Makes the request again: another message to the hop, with the same Token, by which an observation is known. */
    private void repeat(Awaited awaited) {
        TwinExchange twin = awaited.twin();
        options.counters().add(REPEATED);
        awaited.inner().setMID(Message.NONE);
        // Else the matcher would not tell the new registration where it went, and would drop its notifications.
        twin.lower().resetEndpointContext();
        send(twin, awaited.inner(), Optional.of(twin.lower().getCurrentRequest()));
    }

    private static void keepTimes(Awaited awaited, Response response, Response outer) {
        if (!awaited.twin().isNotification()) {
            response.setApplicationRttNanos(outer.getApplicationRttNanos());
            response.setTransmissionRttNanos(outer.getTransmissionRttNanos());
        }
    }

    /** The response, unless it is none, or a notification that nobody registered for (RFC 8613 s4.1.3.5.2). */
    private Optional<Response> read(Opened opened, Awaited awaited) {
        try {
            return converter.message(opened.octets()) instanceof Response response
                            && (!response.isNotification()
                                    || awaited.inner().getOptions().hasObserve())
                    ? Optional.of(response)
                    : Optional.empty();
        } catch (MessageFormatException e) {
            return Optional.empty();
        }
    }

    private boolean inOrder(Awaited awaited, Response response, long observeOrder) {
        if (!awaited.twin().isNotification()) {
            order.begin(response.getToken(), observeOrder);
        } else if (!order.accept(response.getToken(), observeOrder)) {
            return false;
        }
        response.getOptions().setObserve(order.next());
        return true;
    }

    /** The answer to a request in clear, as it came. One that claims to be protected answers nothing that was asked. */
    private void receiveBypassed(Awaited awaited, Runnable listenOn, Response outer) {
        if (OuterSigns.claimProtection(outer)) {
            options.counters().add(STALE);
            listenOn.run();
            return;
        }
        if (!awaited.open()) {
            options.counters().add(STALE);
            return;
        }
        Response response = new Response(outer.getCode());
        response.setOptions(outer.getOptions());
        response.setPayload(outer.getPayload());
        MessageConverter.fromHop(response, outer, SamdEndpointContext.unauthenticated(outer.getSourceContext()));
        keepTimes(awaited, response, outer);
        options.counters().add(BYPASSED);
        neighbours.up(awaited.twin(), response);
    }

    private void receiveClear(Awaited awaited, Runnable listenOn, Response outer) {
        if (outer.isSuccess()) {
            options.counters().add(CLEAR_RESPONSE_DROPPED);
            listenOn.run();
            return;
        }
        afterGrace(awaited, () -> {
            if (outer.getCode() == ResponseCode.UNAUTHORIZED) {
                awaited.reference().ifPresent(reference -> disowned(reference, outer));
            }
            Response response = new Response(outer.getCode());
            response.setPayload(outer.getPayload());
            response.getOptions().setContentFormat(outer.getOptions().getContentFormat());
            if (outer.getOptions().hasMaxAge()) {
                response.getOptions().setMaxAge(outer.getOptions().getMaxAge());
            }
            MessageConverter.fromHop(response, outer, SamdEndpointContext.unauthenticated(outer.getSourceContext()));
            options.counters().add(UNAUTHENTICATED_ERROR);
            neighbours.up(awaited.twin(), response);
        });
    }

    /** The daemon hears of an answer that says: no SA for that. Its own answer is known beforehand: not accepted. */
    private void disowned(Octets reference, Response outer) {
        CompletionStage<UnprotectOutcome> heard = options.protection().unprotect(unprotectRequest(reference, outer));
        heard.whenComplete((outcome, failure) -> {
            if (failure != null) {
                options.counters().add(DAEMON_ABSENT);
            }
        });
    }

    private UnprotectRequest unprotectRequest(Octets reference, Response outer) {
        return new UnprotectRequest(
                MessageConverter.octets(outer),
                options.local(),
                StringUtil.toString(outer.getSourceContext().getPeerAddress()),
                reference,
                Endpoint.HOST_WIDE,
                options.patience());
    }

    private void afterGrace(Awaited awaited, Runnable end) {
        if (awaited.inGrace()) {
            return;
        }
        Runnable unlessAnswered = () -> {
            if (awaited.open()) {
                end.run();
            }
        };
        awaited.beginGrace(timer.get()
                .schedule(
                        () -> awaited.twin().execute(unlessAnswered),
                        options.grace().toMillis(),
                        TimeUnit.MILLISECONDS));
    }
}
