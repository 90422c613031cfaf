// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeRecords;
import dev.samd.client.SamdClient;
import dev.samd.kmp.Answer;
import dev.samd.kmp.Outgoing;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.v1.RecordServiceStreamRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What leaves kmpd, on real UDP and DTLS, with a daemon that gives messages back as they came. */
@Timeout(60)
class CoapSenderTest {
    private static final Endpoint SENSOR = Endpoint.parse("coap://sensor.example");
    private static final Endpoint PROXY = Endpoint.parse("coap://proxy.example");
    private static final Endpoint SECURED = Endpoint.parse("coaps://as.example");
    private static final Endpoint LOCAL = Endpoint.parse("coap://client-1");
    private static final byte[] PSK = "sixteen octets..".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final FakeRecords records = new FakeRecords();
    private CoapEngine engine;
    private Peer peer;
    private Peer secured;
    private CoapSender sender;

    @BeforeEach
    void start() throws IOException {
        opened(FakeDaemon.start(directory.resolve("s"), records));
        SamdClient client = opened(SamdClient.connect(directory.resolve("s")));
        engine = opened(new CoapEngine(1024));
        peer = opened(new Peer(engine, new UDPConnector(loopback(), engine.configuration())));
        secured = opened(new Peer(
                engine,
                new DTLSConnector(DtlsConnectorConfig.builder(
                                engine.configuration().set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY))
                        .setAddress(loopback())
                        .setAdvancedPskStore(new AdvancedSinglePskStore("kmpd", PSK))
                        .build())));
        sender = opened(new CoapSender(
                new Addresses(Map.of(SENSOR, peer.address(), PROXY, peer.address(), SECURED, secured.address())),
                List.of(new HostConfig.Credential(SECURED, "kmpd", KeyMaterial.copyOf(PSK), secured.address())),
                engine,
                client.records()));
        sender.start();
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void requestGoesToTheAddressAndNamesItsHost() throws Exception {
        Answer answer = send(outgoing(SENSOR, Optional.empty(), Optional.empty(), Octets.ofHex("0102")));

        OptionSet options = peer.requests.get(0).getOptions();
        assertThat(answer).isEqualTo(new Answer(Answer.CREATED, 42, Octets.ofHex("0102")));
        assertThat(options.getUriHost()).isEqualTo("sensor.example");
        assertThat(options.hasUriPort()).isFalse();
        assertThat(options.getUriPath()).containsExactly("a", "b");
        assertThat(options.getContentFormat()).isEqualTo(19);
        assertThat(options.getAccept()).isEqualTo(42);
        assertThat(peer.requests.get(0).isConfirmable()).isTrue();
    }

    @Test
    void addressNeedsNoHost() throws Exception {
        Endpoint literal = Endpoint.of("coap", "127.0.0.1", peer.address().getPort());

        send(outgoing(literal, Optional.empty(), Optional.empty(), Octets.EMPTY));

        assertThat(peer.requests.get(0).getOptions().hasUriHost()).isFalse();
    }

    @Test
    void proxyIsToldWhereTheRequestGoes() throws Exception {
        send(outgoing(Endpoint.parse("coap://far.example:7000"), Optional.of(PROXY), Optional.empty(), Octets.EMPTY));

        assertThat(peer.requests.get(0).getOptions().getProxyUri()).isEqualTo("coap://far.example:7000/a/b");
        assertThat(peer.requests.get(0).getOptions().getUriPath()).isEmpty();
    }

    @Test
    void largeBodiesGoAndComeInBlocks() throws Exception {
        Octets large = Octets.of(new byte[20_000]);

        assertThat(send(outgoing(SENSOR, Optional.empty(), Optional.empty(), large))
                        .payload())
                .isEqualTo(large);
    }

    @Test
    void dtlsIsUsedWhereThereIsACredential() throws Exception {
        Answer answer = send(outgoing(SECURED, Optional.empty(), Optional.empty(), Octets.ofHex("05")));

        assertThat(answer.payload()).isEqualTo(Octets.ofHex("05"));
        assertThat(secured.requests).hasSize(1);
        assertThat(secured.requests.get(0).getSourceContext().getPeerIdentity().getName())
                .isEqualTo("kmpd");
        assertThat(peer.requests).isEmpty();
    }

    @Test
    void withoutACredentialNothingLeavesForADtlsEndpoint() {
        Endpoint other = Endpoint.parse("coaps://127.0.0.1:" + peer.address().getPort());

        assertThatThrownBy(() -> send(outgoing(other, Optional.empty(), Optional.empty(), Octets.EMPTY)))
                .hasMessageContaining("no credential for " + other);
        assertThatThrownBy(() -> send(outgoing(SECURED, Optional.of(PROXY), Optional.empty(), Octets.EMPTY)))
                .hasMessageContaining("no credential for " + SECURED);
        assertThat(peer.requests).isEmpty();
    }

    @Test
    void nameWithoutAnAddressIsNotLookedUp() {
        Endpoint unknown = Endpoint.parse("coap://unknown.example");

        assertThatThrownBy(() -> send(outgoing(unknown, Optional.empty(), Optional.empty(), Octets.EMPTY)))
                .hasMessageContaining("no address of " + unknown);
    }

    @Test
    void echoThatIsAskedForIsGivenOnce() throws Exception {
        peer.answer = exchange -> {
            Response challenge = new Response(ResponseCode.UNAUTHORIZED);
            challenge.getOptions().addOtherOption(new Option(StandardOptionRegistry.ECHO, new byte[] {1, 2, 3}));
            exchange.sendResponse(challenge);
        };

        Answer answer = send(outgoing(SENSOR, Optional.empty(), Optional.empty(), Octets.ofHex("05")));

        assertThat(answer.code()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(peer.requests).hasSize(2);
        assertThat(RelayOptions.octets(peer.requests.get(1).getOptions(), StandardOptionRegistry.ECHO))
                .isEqualTo(Octets.ofHex("010203"));
        assertThat(peer.requests.get(1).getPayload()).containsExactly(5);
    }

    @Test
    void resetIsNoAnswer() {
        peer.answer = exchange -> exchange.sendReject();

        assertThatThrownBy(() -> send(outgoing(SENSOR, Optional.empty(), Optional.empty(), Octets.EMPTY)))
                .hasMessageContaining("no answer of 127.0.0.1:");
    }

    @Test
    void requestThatNobodyWantsAnyMoreIsGivenUp() {
        peer.answer = exchange -> {};
        CompletableFuture<Answer> answer =
                sender.send(outgoing(SENSOR, Optional.empty(), Optional.empty(), Octets.EMPTY));

        answer.cancel(false);

        assertThat(answer).isCancelled();
    }

    @Test
    void protectedRequestGoesThroughTheDaemonBothWays() throws Exception {
        Answer answer = send(outgoing(SENSOR, Optional.of(PROXY), Optional.of(LOCAL), Octets.ofHex("05")));

        RecordServiceStreamRequest.Item protect = records.items().get(0);
        RecordServiceStreamRequest.Item unprotect = records.items().get(1);
        assertThat(answer).isEqualTo(new Answer(Answer.CREATED, 42, Octets.ofHex("05")));
        assertThat(protect.getProtect().getLocal()).isEqualTo(LOCAL.uri());
        assertThat(protect.getProtect().getDefaultTarget()).isEqualTo(SENSOR.uri());
        assertThat(protect.getProtect().getVia()).isEqualTo(PROXY.uri());
        assertThat(unprotect.getUnprotect().getLocal()).isEqualTo(LOCAL.uri());
        assertThat(unprotect.getUnprotect().getSource()).startsWith("127.0.0.1:");
        assertThat(unprotect.getUnprotect().getInReplyTo().isEmpty()).isFalse();
        assertThat(peer.requests.get(0).getOptions().getProxyUri()).isEqualTo("coap://sensor.example/a/b");
    }

    private Answer send(Outgoing outgoing) throws Exception {
        return sender.send(outgoing).get(20, TimeUnit.SECONDS);
    }

    private static Outgoing outgoing(
            Endpoint to, Optional<Endpoint> via, Optional<Endpoint> protectedAs, Octets payload) {
        return new Outgoing(to, via, "/a/b", 19, 42, payload, protectedAs);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }
}
