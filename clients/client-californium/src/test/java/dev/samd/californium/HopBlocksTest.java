// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.HOP_BLOCKS_REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.SaError;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.junit.jupiter.api.Test;

/** A hop that cuts protected messages into blocks of its own is refused, and is told so. */
class HopBlocksTest {
    @Test
    void aRequestInBlocksOfAHopIsAnsweredWithEntityTooLarge() throws Exception {
        try (FakeDaemon daemon = new FakeDaemon(1_000)) {
            SamdOptions options = SamdOptions.of(daemon);
            CoapEndpoint stock = TestServer.builder().build();
            try (TestServer server = new TestServer(options)) {
                stock.start();
                Request request = new Request(Code.POST);
                request.setDestinationContext(new AddressEndpointContext(server.address()));
                request.getOptions().addOption(new Option(OuterSigns.DTLS_RECORD, new byte[0]));
                request.getOptions().setBlock1(2, true, 0);
                request.setPayload(new byte[64]);
                request.send(stock);

                Response response = TestClient.await(request);

                assertThat(response.getCode()).isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
                // The stock client takes the hint and tries smaller blocks before it gives up.
                assertThat(options.counters().count(HOP_BLOCKS_REFUSED)).isPositive();
                assertThat(daemon.unprotectCalls).isEmpty();
            } finally {
                stock.destroy();
            }
        }
    }

    @Test
    void anAnswerInBlocksOfAHopEndsTheRequestWithAnErrorAfterTheGrace() throws Exception {
        try (FakeDaemon clientDaemon = new FakeDaemon(7);
                FakeDaemon serverDaemon = new FakeDaemon(1_000);
                TestServer server = new TestServer(SamdOptions.of(serverDaemon));
                Wire wire = new Wire(server.address())) {
            SamdOptions options = SamdOptions.of(clientDaemon).withGrace(Duration.ofMillis(50));
            wire.responses = octets -> List.of(inBlocks(octets.get(0)));
            try (TestClient client = new TestClient(options, wire.address())) {
                Request request = client.request(Code.GET, "store");

                assertThat(client.send(request)).isNull();

                assertThat(request.getOnResponseError()).isInstanceOf(SamdProtectionException.class);
                assertThat(((SamdProtectionException) request.getOnResponseError()).error())
                        .isEqualTo(SaError.TOO_LARGE);
            }
        }
    }

    private static byte[] inBlocks(byte[] octets) {
        Response whole = (Response)
                new UdpDataParser(true, OuterSigns.registry(SamdOptions.of(null).registry())).parseMessage(octets);
        Response first = new Response(whole.getCode());
        first.setType(CoAP.Type.ACK);
        first.setMID(whole.getMID());
        first.setToken(whole.getToken());
        first.setOptions(whole.getOptions());
        first.getOptions().setBlock2(0, true, 0);
        first.setPayload(Arrays.copyOf(whole.getPayload(), 16));
        return new UdpDataSerializer().getByteArray(first);
    }
}
