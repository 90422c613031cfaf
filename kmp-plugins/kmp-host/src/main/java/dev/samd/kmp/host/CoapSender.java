// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.client.Bypassed;
import dev.samd.client.Opened;
import dev.samd.client.ProtectRequest;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.Records;
import dev.samd.client.UnprotectRequest;
import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.drive.KmpTransport;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;

/**
 * Sends the requests of KMPs: over UDP, through a CoAP proxy, over DTLS where there is a credential, and protected by the
 * daemon where the KMP says so. Asked for Echo (RFC 9175 s2.3), it repeats the request once. Thread-safe.
 */
final class CoapSender implements KmpTransport, AutoCloseable {
    /** MAX_TRANSMIT_WAIT (RFC 7252 s4.8.2): a peer that has acknowledged gets no longer for its answer. */
    private static final long LONGEST_WAIT_SECONDS = 93;

    private static final int CLIENT_ERROR = 4;

    private final Addresses addresses;
    private final Records records;
    private final CoapEndpoint plain;
    private final Map<Endpoint, CoapEndpoint> secured = new LinkedHashMap<>();

    CoapSender(Addresses addresses, List<HostConfig.Credential> credentials, CoapEngine engine, Records records) {
        this.addresses = addresses;
        this.records = records;
        Configuration configuration = engine.configuration();
        this.plain = engine.adopt(new CoapEndpoint.Builder()
                .setConfiguration(configuration)
                .setConnector(new UDPConnector(new InetSocketAddress((InetAddress) null, 0), configuration))
                .setOptionRegistry(CoapOctets.REGISTRY)
                .build());
        for (HostConfig.Credential credential : credentials) {
            secured.put(
                    credential.endpoint(),
                    engine.adopt(new CoapEndpoint.Builder()
                            .setConfiguration(configuration)
                            .setConnector(dtls(configuration, credential))
                            .build()));
        }
    }

    private static DTLSConnector dtls(Configuration configuration, HostConfig.Credential credential) {
        KeyMaterial material = credential.key();
        byte[] key = material.borrow();
        if (key == null) {
            throw new IllegalStateException("the key for " + credential.endpoint() + " is closed");
        }
        try {
            return new DTLSConnector(DtlsConnectorConfig.builder(configuration)
                    .setAddress(new InetSocketAddress((InetAddress) null, 0))
                    .setAdvancedPskStore(new AdvancedSinglePskStore(credential.identity(), key))
                    .build());
        } finally {
            material.giveBack();
        }
    }

    /** @throws IOException if there is no port */
    void start() throws IOException {
        plain.start();
        for (CoapEndpoint endpoint : secured.values()) {
            endpoint.start();
        }
    }

    @Override
    public CompletableFuture<Answer> send(Outgoing outgoing) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            CompletionStage<Answer> work = outgoing.protectedAs().isPresent()
                    ? sendProtected(outgoing, outgoing.protectedAs().get(), answer)
                    : sendClear(outgoing, answer);
            work.whenComplete((got, failure) -> {
                if (got != null) {
                    answer.complete(got);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private CompletionStage<Answer> sendClear(Outgoing outgoing, CompletableFuture<Answer> wanted) {
        CoapEndpoint from = endpoint(outgoing);
        InetSocketAddress hop = hop(outgoing);
        return transmit(from, request(outgoing), hop, wanted)
                .thenCompose(response -> {
                    Octets echo = RelayOptions.octets(response.getOptions(), StandardOptionRegistry.ECHO);
                    if (response.getCode() != ResponseCode.UNAUTHORIZED || echo.isEmpty()) {
                        return CompletableFuture.completedFuture(response);
                    }
                    Request again = request(outgoing);
                    again.getOptions().addOtherOption(new Option(StandardOptionRegistry.ECHO, echo.toArray()));
                    return transmit(from, again, hop, wanted);
                })
                .thenApply(CoapSender::answer);
    }

    private CompletionStage<Answer> sendProtected(Outgoing outgoing, Endpoint local, CompletableFuture<Answer> wanted) {
        InetSocketAddress hop = hop(outgoing);
        ProtectRequest call = ProtectRequest.of(CoapOctets.of(request(outgoing)))
                .withLocal(local)
                .withDefaultTarget(outgoing.to())
                .withVia(outgoing.via().map(Endpoint::uri).orElse(""));
        return records.protect(call).thenCompose(outcome -> {
            if (!(outcome instanceof ProtectedMessage message)) {
                throw failure(
                        "the policy lets requests to " + outgoing.to() + " leave in clear, and this one must not");
            }
            return transmit(plain, CoapOctets.request(message.coap()), hop, wanted)
                    .thenCompose(response -> records.unprotect(UnprotectRequest.of(CoapOctets.of(response))
                            .withLocal(local)
                            .withSource(Addresses.text(hop))
                            .withPeer(outgoing.to())
                            .withInReplyTo(message.reference())))
                    .thenApply(opened -> {
                        if (opened instanceof Opened good) {
                            return answer(CoapOctets.response(good.octets()));
                        }
                        if (opened instanceof Bypassed clear) {
                            return refusal(CoapOctets.response(clear.coap()), outgoing.to());
                        }
                        throw failure("the answer of " + outgoing.to() + " was not accepted: " + opened);
                    });
        });
    }

    /** What came in clear may say no, and nothing else. */
    private static Answer refusal(Response response, Endpoint from) {
        if (response.getRawCode() >> 5 < CLIENT_ERROR) {
            throw failure("an answer in clear to a protected request to " + from);
        }
        return Answer.of(response.getRawCode());
    }

    private CoapEndpoint endpoint(Outgoing outgoing) {
        if (!outgoing.to().scheme().equals("coaps")) {
            return plain;
        }
        CoapEndpoint endpoint = secured.get(outgoing.to());
        if (endpoint == null || outgoing.via().isPresent()) {
            throw failure("no credential for " + outgoing.to());
        }
        return endpoint;
    }

    private InetSocketAddress hop(Outgoing outgoing) {
        Endpoint hop = outgoing.via().orElse(outgoing.to());
        return addresses.of(hop).orElseThrow(() -> failure("no address of " + hop + "; \"resolve\" has none"));
    }

    private static Request request(Outgoing outgoing) {
        Request request = new Request(Code.POST);
        OptionSet options = request.getOptions();
        Endpoint to = outgoing.to();
        if (outgoing.via().isPresent()) {
            options.setProxyUri(to.uri() + outgoing.path());
        } else {
            // RFC 7252 s5.10.1: an address as host goes without saying.
            if (Addresses.literal(to.host()).isEmpty()) {
                options.setUriHost(to.host());
                if (to.uri().endsWith(":" + to.port())) {
                    options.setUriPort(to.port());
                }
            }
            options.setUriPath(outgoing.path());
        }
        if (outgoing.contentFormat() != Incoming.NO_FORMAT) {
            options.setContentFormat(outgoing.contentFormat());
        }
        if (outgoing.accept() != Incoming.NO_FORMAT) {
            options.setAccept(outgoing.accept());
        }
        KmpOptions.write(options, outgoing.options());
        request.setPayload(outgoing.payload().toArray());
        return request;
    }

    private static CompletableFuture<Response> transmit(
            CoapEndpoint from, Request request, InetSocketAddress hop, CompletableFuture<Answer> wanted) {
        CompletableFuture<Response> response = new CompletableFuture<>();
        request.setConfirmable(true);
        request.setDestinationContext(new AddressEndpointContext(hop));
        request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response got) {
                response.complete(got);
            }

            @Override
            protected void failed() {
                response.completeExceptionally(failure("no answer of " + Addresses.text(hop)));
            }
        });
        CompletionStage<Answer> end = wanted;
        end.whenComplete((got, failure) -> request.cancel());
        from.sendRequest(request);
        return response.orTimeout(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static Answer answer(Response response) {
        OptionSet options = response.getOptions();
        return new Answer(
                response.getRawCode(),
                options.hasContentFormat() ? options.getContentFormat() : Incoming.NO_FORMAT,
                Octets.of(response.getPayload()),
                options.getLocationPathCount() == 0 ? "" : "/" + String.join("/", options.getLocationPath()));
    }

    private static CompletionException failure(String what) {
        return new CompletionException(new UncheckedIOException(new IOException(what)));
    }

    @Override
    public void close() {
        plain.destroy();
        secured.values().forEach(CoapEndpoint::destroy);
    }
}
