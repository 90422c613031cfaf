// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.Answer;
import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Clock;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedMultiPskStore;

/** The transport of the resource {@code /token}: CoAP over DTLS with pre-shared keys. */
final class TokenServerSocket implements AutoCloseable {
    private final CoapServer server;

    private TokenServerSocket(CoapServer server) {
        this.server = server;
    }

    /** Opens the socket that the configuration names. */
    static TokenServerSocket open(AsConfig config, TokenEndpoint endpoint, Clock clock) throws IOException {
        CoapConfig.register();
        DtlsConfig.register();
        Configuration settings = new Configuration();
        settings.set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY);
        settings.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
        settings.setAsList(
                DtlsConfig.DTLS_CIPHER_SUITES,
                CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
        AdvancedMultiPskStore keys = new AdvancedMultiPskStore();
        for (AsConfig.Client client : config.clients()) {
            client.psk()
                    .ifPresent(psk -> Borrowed.from(psk, octets -> {
                        keys.setKey(client.pskIdentity(), octets.clone());
                        return client;
                    }));
        }
        DTLSConnector connector = new DTLSConnector(DtlsConnectorConfig.builder(settings)
                .setAddress(address(config.listen()))
                .setAdvancedPskStore(keys)
                .build());
        CoapServer server = new CoapServer(settings);
        server.addEndpoint(CoapEndpoint.builder()
                .setConfiguration(settings)
                .setConnector(connector)
                .build());
        server.add(new TokenResource(endpoint, clock));
        server.start();
        return new TokenServerSocket(server);
    }

    private static InetSocketAddress address(String listen) throws IOException {
        int colon = listen.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    listen.substring(0, Math.max(colon, 0)), Integer.parseInt(listen.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IOException("listen: \"" + listen + "\" is not HOST:PORT");
        }
    }

    /** Where it listens. */
    String uri() {
        return server.getEndpoints().get(0).getUri().toString();
    }

    @Override
    public void close() {
        server.destroy();
    }

    private static final class TokenResource extends CoapResource {
        private final TokenEndpoint endpoint;
        private final Clock clock;

        private TokenResource(TokenEndpoint endpoint, Clock clock) {
            super("token");
            this.endpoint = endpoint;
            this.clock = clock;
        }

        @Override
        public void handlePOST(CoapExchange exchange) {
            Principal peer = exchange.advanced().getRequest().getSourceContext().getPeerIdentity();
            String identity = peer instanceof PreSharedKeyIdentity psk ? psk.getIdentity() : "";
            byte[] payload = exchange.getRequestPayload();
            Answer answer = endpoint.answer(
                    clock.instant(),
                    identity,
                    exchange.getRequestOptions().getContentFormat(),
                    payload == null ? Octets.EMPTY : Octets.of(payload));
            Response response = new Response(ResponseCode.valueOf(answer.code()));
            if (!answer.payload().isEmpty()) {
                response.setPayload(answer.payload().toArray());
                response.getOptions().setContentFormat(answer.contentFormat());
            }
            exchange.respond(response);
        }
    }
}
