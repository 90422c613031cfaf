// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.samd.sa.Endpoint;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KmpRelayTest {
    private static final int ACE_CBOR = 19;
    private static final Endpoint LOCAL = Endpoint.parse("coap://sensor.example");
    private static final RelayBounds QUICK =
            new RelayBounds(256, 64, 200, 200, 16_384, Duration.ofMillis(50), Duration.ofSeconds(20));

    private final FakeDaemon clientDaemon = new FakeDaemon(7);
    private final FakeDaemon serverDaemon = new FakeDaemon(1_000);
    private final List<CoapEndpoint> strangers = new ArrayList<>();
    private final FakeKmpd kmpd = new FakeKmpd();
    private TestServer server;
    private TestClient client;
    private KmpRelay relay;

    @BeforeEach
    void start() {
        server = new TestServer(SamdOptions.of(serverDaemon)
                .withLocal(LOCAL)
                .withRelay("/authz-info", "/.well-known/less", "/.well-known/less/*"));
        client = new TestClient(SamdOptions.of(clientDaemon), server.address());
        offer(kmpd.address(), QUICK);
    }

    @AfterEach
    void stop() {
        strangers.forEach(CoapEndpoint::destroy);
        relay.close();
        client.close();
        server.close();
        kmpd.close();
        clientDaemon.close();
        serverDaemon.close();
    }

    private void offer(InetSocketAddress address, RelayBounds bounds) {
        offer(new KmpRelay(address, LOCAL, this::principal, bounds));
    }

    private void offer(KmpRelay next) {
        if (relay != null) {
            relay.close();
            remove(server.program().getRoot(), "authz-info");
            remove(server.program().getRoot().getChild(".well-known"), "rekey");
            remove(server.program().getRoot().getChild(".well-known"), "less");
        }
        relay = next;
        relay.addTo(
                server.program(),
                List.of("/authz-info", "/.well-known/rekey", "/.well-known/less", "/.well-known/less/*"));
    }

    private static void remove(Resource parent, String name) {
        parent.delete(parent.getChild(name));
    }

    private String principal() {
        return "uid:1000";
    }

    private CoapEndpoint stranger() throws Exception {
        CoapEndpoint stock = TestServer.builder().build();
        stock.start();
        strangers.add(stock);
        return stock;
    }

    private Request post(byte[] payload) {
        Request request = new Request(Code.POST);
        request.setDestinationContext(new AddressEndpointContext(server.address()));
        request.getOptions().setUriPath("authz-info").setContentFormat(ACE_CBOR);
        request.setPayload(payload);
        return request;
    }

    private Request post(String payload) {
        return post(payload.getBytes(StandardCharsets.US_ASCII));
    }

    private Response postInClear(String payload) throws Exception {
        return TestClient.await(post(payload).send(stranger()));
    }

    private static String text(Request post, OptionDefinition definition) {
        return post.getOptions().getOtherOption(definition).getStringValue();
    }

    @Test
    void aPostInClearReachesKmpdWithItsSourceAndIsAnsweredInClear() throws Exception {
        CoapEndpoint stranger = stranger();
        kmpd.answer = exchange -> {
            exchange.setMaxAge(17);
            exchange.respond(ResponseCode.CREATED, new byte[] {(byte) 0xa0}, ACE_CBOR);
        };
        Request request = post("token");
        request.getOptions().setAccept(ACE_CBOR);

        Response response = TestClient.await(request.send(stranger));

        assertThat(response.getCode()).isEqualTo(ResponseCode.CREATED);
        assertThat(response.getPayload()).containsExactly(0xa0);
        assertThat(response.getOptions().getContentFormat()).isEqualTo(ACE_CBOR);
        assertThat(response.getOptions().getMaxAge()).isEqualTo(17);
        assertThat(serverDaemon.unprotectCalls).isEmpty();
        assertThat(kmpd.posts).hasSize(1).allSatisfy(post -> {
            assertThat(post.getOptions().getUriPathString()).isEqualTo("authz-info");
            assertThat(post.getPayloadString()).isEqualTo("token");
            assertThat(post.getOptions().getContentFormat()).isEqualTo(ACE_CBOR);
            assertThat(post.getOptions().getAccept()).isEqualTo(ACE_CBOR);
            assertThat(text(post, RelayOptions.SOURCE))
                    .isEqualTo("127.0.0.1:" + stranger.getAddress().getPort());
            assertThat(text(post, RelayOptions.LOCAL)).isEqualTo(LOCAL.uri());
            assertThat(text(post, RelayOptions.PRINCIPAL)).isEqualTo("uid:1000");
            assertThat(post.getOptions().hasOption(RelayOptions.REFERENCE)).isFalse();
        });
    }

    @Test
    void aProtectedPostCarriesTheReferenceOfItsRecordAndIsAnsweredProtected() {
        Request request = client.request(Code.POST, "authz-info", "token");

        Response response = client.send(request);

        assertThat(response.getCode()).isEqualTo(ResponseCode.CREATED);
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isTrue();
        assertThat(serverDaemon.protectCalls).hasSize(1);
        assertThat(kmpd.posts).hasSize(1).allSatisfy(post -> {
            assertThat(post.getOptions().getOtherOption(RelayOptions.REFERENCE).getValue())
                    .isEqualTo(serverDaemon.protectCalls.get(0).inReplyTo().toArray());
            // The address of the hop, not the one that stands for the pair.
            assertThat(text(post, RelayOptions.SOURCE))
                    .isEqualTo("127.0.0.1:" + client.endpoint().getAddress().getPort());
        });
    }

    @Test
    void aPathOfSeveralSegmentsIsHandedOnAsItIs() {
        Response response = client.send(client.request(Code.POST, ".well-known/rekey", "nonce"));

        assertThat(response.getPayloadString()).isEqualTo("nonce");
        assertThat(kmpd.posts.get(0).getOptions().getUriPathString()).isEqualTo(".well-known/rekey");
    }

    @Test
    void sessionOfAKmpIsReachedInClearWithItsOptionsAndItsPlaceIsTold() throws Exception {
        kmpd.answer = exchange -> {
            exchange.setLocationPath("/.well-known/less/0123456789abcdef");
            exchange.respond(ResponseCode.CREATED, new byte[] {1}, 42);
        };
        Request first = lessPost(".well-known", "less");

        Response response = TestClient.await(first.send(stranger()));
        Response second = TestClient.await(
                lessPost(".well-known", "less", "0123456789abcdef").send(stranger()));

        assertThat(response.getOptions().getLocationPath()).containsExactly(".well-known", "less", "0123456789abcdef");
        assertThat(second.getCode()).isEqualTo(ResponseCode.CREATED);
        assertThat(kmpd.posts).hasSize(2).allSatisfy(post -> {
            assertThat(post.getOptions().hasOption(HandedOnOptions.AUTH)).isTrue();
            assertThat(post.getOptions()
                            .getOtherOption(HandedOnOptions.AUTH_MSG_TYPE)
                            .getValue())
                    .containsExactly(1);
        });
        assertThat(kmpd.posts.get(1).getOptions().getUriPathString()).isEqualTo(".well-known/less/0123456789abcdef");
    }

    @Test
    void whatIsTwoSegmentsBelowOrElsewhereIsNoSession() throws Exception {
        Response deeper =
                TestClient.await(lessPost(".well-known", "less", "a", "b").send(stranger()));
        Response slash = TestClient.await(lessPost(".well-known", "less", "a/b").send(stranger()));

        assertThat(deeper.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(slash.getCode()).isEqualTo(ResponseCode.NOT_FOUND);
        assertThat(kmpd.posts).isEmpty();
    }

    @Test
    void resourceOfTheProgramRefusesTheCriticalOptionsOfAKmp() throws Exception {
        serverDaemon.bypasses = true;
        Request request = lessPost("echo");

        assertThat(TestClient.await(request.send(stranger())).getCode()).isEqualTo(ResponseCode.BAD_OPTION);
    }

    private Request lessPost(String... path) {
        Request request = new Request(Code.POST);
        request.setDestinationContext(new AddressEndpointContext(server.address()));
        for (String segment : path) {
            request.getOptions().addUriPath(segment);
        }
        request.getOptions().setContentFormat(42);
        request.getOptions().addOption(new Option(HandedOnOptions.AUTH, new byte[0]));
        request.getOptions().addOption(new Option(HandedOnOptions.AUTH_MSG_TYPE, new byte[] {1}));
        request.setPayload(new byte[] {7});
        return request;
    }

    @Test
    void whatAPeerSaysAsIfItWereARelayIsNotHandedOn() throws Exception {
        Request request = post("token");
        request.getOptions().addOption(new Option(RelayOptions.REFERENCE, new byte[] {1, 2, 3}));
        request.getOptions().addOption(RelayOptions.SOURCE.create("192.0.2.1:5683"));
        request.getOptions().addOption(RelayOptions.PRINCIPAL.create("uid:0"));
        request.getOptions().addUriQuery("q");

        TestClient.await(request.send(stranger()));

        Request post = kmpd.posts.get(0);
        assertThat(text(post, RelayOptions.SOURCE)).startsWith("127.0.0.1:");
        assertThat(text(post, RelayOptions.PRINCIPAL)).isEqualTo("uid:1000");
        assertThat(post.getOptions().getOthers(RelayOptions.SOURCE)).hasSize(1);
        assertThat(post.getOptions().hasOption(RelayOptions.REFERENCE)).isFalse();
        assertThat(post.getOptions().getUriQuery()).singleElement().asString().startsWith("post=");
    }

    @Test
    void theEchoOfKmpdGoesToThePeerAndComesBack() throws Exception {
        CoapEndpoint stranger = stranger();
        byte[] proof = {9, 8, 7, 6, 5, 4, 3, 2};
        kmpd.answer = exchange -> {
            Response response = new Response(ResponseCode.UNAUTHORIZED);
            response.getOptions().addOption(StandardOptionRegistry.ECHO.create(proof));
            exchange.respond(response);
        };
        Response challenge = TestClient.await(post("token").send(stranger));
        Request again = post("token");
        again.getOptions().addOptions(challenge.getOptions().getOthers(StandardOptionRegistry.ECHO));

        TestClient.await(again.send(stranger));

        assertThat(challenge.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(kmpd.posts.get(0).getOptions().hasOption(StandardOptionRegistry.ECHO))
                .isFalse();
        assertThat(kmpd.posts
                        .get(1)
                        .getOptions()
                        .getOtherOption(StandardOptionRegistry.ECHO)
                        .getValue())
                .isEqualTo(proof);
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"GET", "PUT", "DELETE", "FETCH", "PATCH", "IPATCH"})
    void everyOtherMethodIsRefused(Code code) throws Exception {
        Request inClear = new Request(code);
        inClear.setDestinationContext(new AddressEndpointContext(server.address()));
        inClear.getOptions().setUriPath("authz-info");

        assertThat(client.send(client.request(code, "authz-info")).getCode())
                .isEqualTo(ResponseCode.METHOD_NOT_ALLOWED);
        assertThat(TestClient.await(inClear.send(stranger())).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(kmpd.posts).isEmpty();
    }

    @Test
    void onlyThePathsOfTheOptionsAreInClear() throws Exception {
        Request rekey = post("nonce");
        rekey.getOptions().setUriPath(".well-known/rekey");
        Request below = post("token");
        below.getOptions().setUriPath("authz-info/below");

        assertThat(TestClient.await(rekey.send(stranger())).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(TestClient.await(below.send(stranger())).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(kmpd.posts).isEmpty();
    }

    @Test
    void bodiesOfManyBlocksFromManyPeersAtOnceStayWhole() throws Exception {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            requests.add(post(String.valueOf((char) ('A' + i)).repeat(6_000)).send(stranger()));
        }
        requests.add(post("short").send(stranger()));

        List<String> answers = requests.stream()
                .map(request -> TestClient.await(request).getPayloadString())
                .collect(Collectors.toList());

        for (int i = 0; i < 8; i++) {
            assertThat(answers.get(i))
                    .isEqualTo(String.valueOf((char) ('A' + i)).repeat(6_000));
        }
        assertThat(answers.get(8)).isEqualTo("short");
        assertThat(relay.size()).isZero();
    }

    @Test
    void aBodyThatNoKmpCanMeanIsTooLarge() throws Exception {
        assertThat(postInClear("x".repeat(16_385)).getCode()).isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
        assertThat(kmpd.posts).isEmpty();
    }

    @Test
    void whereKmpdIsAwayThePeerIsToldWhenToComeAgain() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            offer((InetSocketAddress) silent.getLocalSocketAddress(), QUICK);

            Response response = postInClear("token");

            assertThat(response.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
            assertThat(response.getOptions().getMaxAge()).isEqualTo(5);
            assertThat(relay.size()).isZero();
        }
    }

    @Test
    void aKmpdThatNeverAnswersIsGivenUpAtTheDeadline() throws Exception {
        offer(
                kmpd.address(),
                new RelayBounds(256, 64, 200, 200, 16_384, Duration.ofMillis(50), Duration.ofMillis(400)));
        kmpd.answer = CoapExchange::accept;

        Response response = postInClear("token");

        assertThat(response.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
        assertThat(relay.size()).isZero();
    }

    @Test
    void aKmpdThatTakesItsTimeIsWaitedForAndThePeerNeedNotRepeatItself() throws Exception {
        List<CoapExchange> waiting = new CopyOnWriteArrayList<>();
        kmpd.answer = exchange -> {
            exchange.accept();
            waiting.add(exchange);
        };
        Request request = post("token").send(stranger());
        await().until(request::isAcknowledged);

        waiting.get(0).respond(ResponseCode.CREATED, "at last");

        assertThat(TestClient.await(request).getPayloadString()).isEqualTo("at last");
        assertThat(kmpd.posts).hasSize(1);
    }

    @Test
    void noMorePostsThanTheBoundWaitAndTheirPlacesComeBack() throws Exception {
        offer(kmpd.address(), new RelayBounds(2, 2, 200, 200, 16_384, Duration.ofMillis(50), Duration.ofSeconds(20)));
        List<CoapExchange> waiting = new CopyOnWriteArrayList<>();
        kmpd.answer = exchange -> {
            exchange.accept();
            waiting.add(exchange);
        };
        Request first = post("1").send(stranger());
        Request second = post("2").send(stranger());
        await().until(() -> waiting.size() == 2);

        Response third = postInClear("3");
        waiting.forEach(exchange -> exchange.respond(ResponseCode.CREATED));
        TestClient.await(first);
        TestClient.await(second);
        await().until(() -> relay.size() == 0);
        kmpd.answer = exchange -> exchange.respond(ResponseCode.CREATED);

        assertThat(third.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
        assertThat(third.getOptions().getMaxAge()).isEqualTo(5);
        assertThat(postInClear("4").getCode()).isEqualTo(ResponseCode.CREATED);
        assertThat(kmpd.posts).hasSize(3);
    }

    @Test
    void withoutTheDaemonThatSaysWhoThisIsNothingIsHandedOnAndLaterItIsAskedOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        offer(new KmpRelay(
                kmpd.address(),
                LOCAL,
                () -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("no socket");
                    }
                    return "uid:1000";
                },
                QUICK));

        assertThat(postInClear("1").getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
        assertThat(kmpd.posts).isEmpty();
        assertThat(postInClear("2").getCode()).isEqualTo(ResponseCode.CREATED);
        assertThat(postInClear("3").getCode()).isEqualTo(ResponseCode.CREATED);
        assertThat(calls).hasValue(2);
    }

    @Test
    void theEndAnswersWhatIsUnderWayAndWhatComesLater() throws Exception {
        kmpd.answer = CoapExchange::accept;
        Request underWay = post("1").send(stranger());
        await().until(() -> kmpd.posts.size() == 1);

        relay.close();

        assertThat(TestClient.await(underWay).getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
        assertThat(postInClear("2").getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
        assertThat(relay.size()).isZero();
    }

    @Test
    void aServerThatIsTheHostNamesNoEndpoint() throws Exception {
        offer(new KmpRelay(kmpd.address(), Endpoint.HOST_WIDE, this::principal, QUICK));

        postInClear("token");

        assertThat(kmpd.posts.get(0).getOptions().hasOption(RelayOptions.LOCAL)).isFalse();
    }

    @Test
    void aKmpdElsewhereIsRefused() {
        InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 5_683);

        assertThatThrownBy(() -> new KmpRelay(elsewhere, LOCAL, this::principal, QUICK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("192.0.2.1");
    }

    @Test
    void aPathThatIsNoneOrIsTakenIsRefused() {
        assertThatThrownBy(() -> relay.addTo(server.program(), List.of("other")))
                .hasMessageContaining("\"other\"");
        assertThatThrownBy(() -> relay.addTo(server.program(), List.of("/"))).hasMessageContaining("\"/\"");
        assertThatThrownBy(() -> relay.addTo(server.program(), List.of("/store")))
                .hasMessageContaining("\"/store\"");
    }
}
