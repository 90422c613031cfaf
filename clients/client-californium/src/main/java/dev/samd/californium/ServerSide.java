// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.BYPASSED;
import static dev.samd.californium.ProtectionCounters.Event.CHALLENGED;
import static dev.samd.californium.ProtectionCounters.Event.CLEAR_REQUEST_REFUSED;
import static dev.samd.californium.ProtectionCounters.Event.DAEMON_ABSENT;
import static dev.samd.californium.ProtectionCounters.Event.HOP_BLOCKS_REFUSED;
import static dev.samd.californium.ProtectionCounters.Event.NOT_PROTECTED;
import static dev.samd.californium.ProtectionCounters.Event.PROTECTED;
import static dev.samd.californium.ProtectionCounters.Event.UNPROTECTED;
import static dev.samd.californium.ProtectionCounters.Event.UNREADABLE;

import dev.samd.client.Bypassed;
import dev.samd.client.Challenged;
import dev.samd.client.Discarded;
import dev.samd.client.Opened;
import dev.samd.client.ProtectOutcome;
import dev.samd.client.ProtectRequest;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.UnprotectOutcome;
import dev.samd.client.UnprotectRequest;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAPMessageFormatException;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.elements.util.StringUtil;

/**
 * Requests of peers and the answers of the program.
 *
 * <p>A request in clear is refused with 4.01, unless the program names its path or the policy lets it pass. A protected request that the daemon discards
 * is dropped in silence: an answer would carry the token of a victim to whoever repeats its datagram. The one exception is
 * that there is no usable SA, which the daemon says may be told, and which is told at a bounded rate. An answer to a protected
 * request that cannot be protected is not sent, and no other is sent in its place: an error in clear would tell a stranger
 * more than silence, and the client could not trust it. The program learns it as the send error of its response.
 */
final class ServerSide {
    private static final int NO_SA_PER_SECOND = 10;

    private final SamdOptions options;
    private final MessageConverter converter;
    private final Rooms rooms;
    private final Neighbours neighbours;
    private final RateLimit noSa = new RateLimit(NO_SA_PER_SECOND, System.nanoTime());

    ServerSide(SamdOptions options, MessageConverter converter, Rooms rooms, Neighbours neighbours) {
        this.options = options;
        this.converter = converter;
        this.rooms = rooms;
        this.neighbours = neighbours;
    }

    void receive(Exchange lower, Request outer) {
        if (options.clear().letIn(outer)) {
            upInClear(lower, outer);
            return;
        }
        if (!OuterSigns.areProtected(outer)) {
            ask(lower, outer);
            return;
        }
        if (OuterSigns.inHopBlocks(outer)) {
            options.counters().add(HOP_BLOCKS_REFUSED);
            answerHop(lower, outer, new Response(ResponseCode.REQUEST_ENTITY_TOO_LARGE, true));
            return;
        }
        rooms.others()
                .park(
                        lower,
                        System.nanoTime(),
                        () -> unprotect(outer),
                        outcome -> receive(lower, outer, outcome),
                        failure -> {
                            options.counters().add(DAEMON_ABSENT);
                            lower.executeComplete();
                        });
    }

    private CompletionStage<UnprotectOutcome> unprotect(Request outer) {
        return options.protection()
                .unprotect(new UnprotectRequest(
                        MessageConverter.octets(outer),
                        options.local(),
                        StringUtil.toString(outer.getSourceContext().getPeerAddress()),
                        Octets.EMPTY,
                        Endpoint.HOST_WIDE,
                        options.patience()));
    }

    /** Asks the daemon whether the policy lets a request pass in clear. Whatever else it says, the answer is the same. */
    private void ask(Exchange lower, Request request) {
        rooms.strangers()
                .park(
                        lower,
                        System.nanoTime(),
                        () -> unprotect(request),
                        outcome -> {
                            if (outcome instanceof Bypassed) {
                                bypass(lower, request);
                            } else {
                                refuseClear(lower, request);
                            }
                        },
                        failure -> {
                            // The end of the endpoint comes on a thread of its own, and then there is nobody to answer
                            // with.
                            if (lower.checkOwner()) {
                                refuseClear(lower, request);
                            } else {
                                lower.executeComplete();
                            }
                        });
    }

    private void bypass(Exchange lower, Request request) {
        options.counters().add(BYPASSED);
        upInClear(lower, request);
    }

    private void upInClear(Exchange lower, Request request) {
        if (HandedOnOptions.areIn(request) && !options.clear().isRelay(request)) {
            answerHop(lower, request, new Response(ResponseCode.BAD_OPTION, true));
            return;
        }
        request.setSourceContext(SamdEndpointContext.unauthenticated(request.getSourceContext()));
        neighbours.up(lower, request);
    }

    private void refuseClear(Exchange lower, Request request) {
        options.counters().add(CLEAR_REQUEST_REFUSED);
        if (request.isMulticast()) {
            lower.executeComplete(); // RFC 7252 s8.2: an error is nothing to answer a group request with
        } else {
            answerHop(lower, request, new Response(ResponseCode.UNAUTHORIZED, true));
        }
    }

    private void receive(Exchange lower, Request outer, UnprotectOutcome outcome) {
        if (outcome instanceof Discarded discarded) {
            options.counters().add(discarded.reason());
            if (discarded.tellNetwork() && !outer.isMulticast() && noSa.take(System.nanoTime())) {
                Response response = new Response(ResponseCode.UNAUTHORIZED, true);
                response.getOptions().setMaxAge(0);
                answerHop(lower, outer, response);
            } else {
                lower.executeComplete();
            }
            return;
        }
        if (outcome instanceof Challenged challenged) {
            challenge(lower, outer, challenged);
            return;
        }
        if (!(outcome instanceof Opened opened)) {
            bypass(lower, outer); // a request in clear, whose payload only begins like a record
            return;
        }
        try {
            if (converter.message(opened.octets()) instanceof Request inner) {
                options.counters().add(UNPROTECTED);
                TwinExchange twin = accept(lower, outer, inner, opened);
                neighbours.up(twin, inner);
                return;
            }
            refuse(lower, outer, opened, ResponseCode.BAD_REQUEST);
        } catch (CoAPMessageFormatException e) {
            // RFC 7252 s5.4.1: an unrecognised critical option is answered with 4.02, to the peer and not to the hop.
            refuse(lower, outer, opened, e.getErrorCode() == null ? ResponseCode.BAD_REQUEST : e.getErrorCode());
        } catch (MessageFormatException e) {
            refuse(lower, outer, opened, ResponseCode.BAD_REQUEST);
        }
    }

    /** Sends what the daemon has to say to a request that is not fresh. */
    private void challenge(Exchange lower, Request outer, Challenged challenged) {
        options.counters().add(CHALLENGED);
        if (outer.isMulticast()) {
            lower.executeComplete();
        } else if (converter.message(challenged.coap()) instanceof Response response) {
            answerHop(lower, outer, response);
        } else {
            throw new IllegalStateException("the daemon made a request of a response");
        }
    }

    private static TwinExchange accept(Exchange lower, Request outer, Request inner, Opened opened) {
        MessageConverter.fromHop(inner, outer, SamdEndpointContext.ofPair(outer.getSourceContext(), opened.sender()));
        inner.setScheme(outer.getScheme());
        return TwinExchange.incoming(lower, inner, opened);
    }

    private void refuse(Exchange lower, Request outer, Opened opened, ResponseCode code) {
        options.counters().add(UNREADABLE);
        TwinExchange twin = accept(lower, outer, new Request(outer.getCode()), opened);
        send(twin, new Response(code, true));
    }

    private void answerHop(Exchange lower, Request outer, Response response) {
        response.setDestinationContext(outer.getSourceContext());
        lower.setResponse(response);
        neighbours.down(lower, response);
    }

    void send(TwinExchange twin, Response inner) {
        twin.setCurrentResponse(inner);
        Exchange lower = twin.lower();
        rooms.others()
                .park(
                        lower,
                        System.nanoTime(),
                        () -> options.protection()
                                .protect(new ProtectRequest(
                                        MessageConverter.octets(inner),
                                        options.local(),
                                        Endpoint.HOST_WIDE,
                                        twin.reference(),
                                        "",
                                        options.patience())),
                        answer -> sendOuter(twin, inner, answer),
                        failure -> {
                            options.counters().add(NOT_PROTECTED);
                            fail(twin, inner, failure);
                        });
    }

    private void sendOuter(TwinExchange twin, Response inner, ProtectOutcome outcome) {
        if (inner.isCanceled() || twin.isComplete()) {
            return; // cancelled while parked
        }
        if (!(outcome instanceof ProtectedMessage answer)) {
            options.counters().add(NOT_PROTECTED);
            fail(twin, inner, SamdProtectionException.responseInClear());
            return;
        }
        try {
            Response outer = converter.outerResponse(
                    answer.coap(), inner, twin.lower().getCurrentRequest().getSourceContext());
            outer.addMessageObserver(new HopLink.OfResponse(twin, inner, outer));
            options.counters().add(PROTECTED);
            if (twin.getRelation() != null && twin.lower().isComplete()) {
                // A stock stack reopens its exchange for a notification when the relation makes it; here there was a
                // wait.
                twin.lower().retransmitResponse();
            }
            twin.lower().setResponse(outer);
            neighbours.down(twin.lower(), outer);
        } catch (RuntimeException e) {
            fail(twin, inner, e);
        }
    }

    private static void fail(TwinExchange twin, Response inner, RuntimeException failure) {
        inner.setSendError(failure);
        twin.executeComplete();
    }
}
