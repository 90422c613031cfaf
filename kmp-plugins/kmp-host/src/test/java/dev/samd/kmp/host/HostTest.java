// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeKmp;
import dev.samd.client.FakeSadb;
import dev.samd.kmp.Answer;
import dev.samd.kmp.drive.DriverLimits;
import dev.samd.kmp.drive.StrangerLimits.EchoUse;
import dev.samd.kmp.drive.ToyKmp;
import dev.samd.v1.Acquire;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.v1.PairRole;
import dev.samd.v1.SadbServiceInstallPairRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two kmpd with a daemon each, and somebody who sends them CoAP. */
@Timeout(120)
class HostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final FakeKmp initiatorKmp = new FakeKmp();
    private final FakeSadb initiatorSadb = new FakeSadb();
    private final FakeKmp responderKmp = new FakeKmp();
    private final FakeSadb responderSadb = new FakeSadb();
    private CoapEndpoint stranger;

    @BeforeEach
    void start() throws IOException {
        CoapEngine engine = opened(new CoapEngine(1024));
        Configuration configuration = engine.configuration();
        stranger = engine.adopt(new CoapEndpoint.Builder()
                .setConfiguration(configuration)
                .setConnector(
                        new UDPConnector(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), configuration))
                .setOptionRegistry(RelayOptions.registry())
                .build());
        stranger.start();
        open.push(stranger::destroy);
        opened(FakeDaemon.start(directory.resolve("i"), initiatorKmp, initiatorSadb));
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void acquireLeadsToTheSamePairAtBothDaemons() {
        Host responder = responder(EchoUse.LOAD);
        initiator(responder.address());

        initiatorKmp.say("toy", acquire(""));

        await().atMost(PATIENCE).until(() -> !initiatorSadb.pairs().isEmpty());
        assertAgreed();
        assertThat(initiatorSadb.pairs().get(0).getClaim()).isEqualTo(FakeKmp.CLAIM);
        assertThat(initiatorSadb.pairs().get(0).getAcquireSequence()).isEqualTo(11);
        assertThat(initiatorSadb.reserved().get(0).getClaim()).isEqualTo(FakeKmp.CLAIM);
        assertThat(responderSadb.pairs().get(0).getAcquireSequence()).isZero();
        assertThat(initiatorKmp.failed()).isEmpty();
        assertThat(initiatorKmp.said().stream()
                        .filter(dev.samd.v1.KmpServiceRegisterRequest::hasProgress)
                        .map(said -> said.getProgress().getStep()))
                .containsExactly("hello", "post");
    }

    @Test
    void initiatorThatIsAskedForEchoRepeatsItsRequestWithIt() {
        Host responder = responder(EchoUse.ALWAYS);
        initiator(responder.address());

        initiatorKmp.say("toy", acquire(""));

        await().atMost(PATIENCE).until(() -> !initiatorSadb.pairs().isEmpty());
        assertAgreed();
    }

    @Test
    void unknownPeerFailsTheAcquireWithoutAnyLookUp() {
        responder(EchoUse.LOAD);
        host("i", EchoUse.LOAD, new Addresses(Map.of()));
        await().atMost(PATIENCE).until(() -> initiatorKmp.recalls() > 0);

        initiatorKmp.say("toy", acquire(""));

        await().atMost(PATIENCE).until(() -> !initiatorKmp.failed().isEmpty());
        assertThat(initiatorKmp.failed().get(0).getSequence()).isEqualTo(11);
        assertThat(initiatorSadb.pairs()).isEmpty();
    }

    @Test
    void restartedDaemonIsFoundAgain() {
        Host responder = responder(EchoUse.LOAD);
        AutoCloseable daemon =
                open.stream().filter(FakeDaemon.class::isInstance).findFirst().orElseThrow();
        open.remove(daemon);
        ((FakeDaemon) daemon).close();
        await().atMost(PATIENCE).until(() -> post(responder, ToyKmp.RESOURCE).getRawCode() == Answer.UNAVAILABLE);

        opened(FakeDaemon.start(directory.resolve("r"), responderKmp, responderSadb));

        await().atMost(PATIENCE).until(() -> post(responder, ToyKmp.RESOURCE).getRawCode() == 0x45);
        assertThat(responderKmp.recalls()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void otherPathsAndSpellingsReachNothing() {
        Host responder = responder(EchoUse.LOAD);

        for (String path : List.of("/", "/toy/x", "/Toy", "/to", "/.well-known/core")) {
            assertThat(post(responder, path).getRawCode()).as(path).isEqualTo(0x84);
        }
        Request trailing = request("");
        trailing.getOptions().addUriPath("toy").addUriPath("");
        assertThat(answer(responder, trailing).getRawCode()).isEqualTo(0x84);
        Request leading = request("");
        leading.getOptions().addUriPath("").addUriPath("toy");
        assertThat(answer(responder, leading).getRawCode()).isEqualTo(0x84);
        Request slash = request("");
        slash.getOptions().addUriPath("/toy");
        assertThat(answer(responder, slash).getRawCode()).isEqualTo(0x84);
    }

    @Test
    void strangerMayAskSoOftenAndNoMore() {
        Host responder = responder(EchoUse.LOAD);

        List<Response> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answers.add(post(responder, ToyKmp.RESOURCE));
        }

        List<Response> refused =
                answers.stream().filter(answer -> answer.getRawCode() != 0x45).toList();
        assertThat(answers.size() - refused.size()).isGreaterThanOrEqualTo(10);
        assertThat(refused).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.getRawCode()).isEqualTo(Answer.TOO_MANY);
            assertThat(answer.getOptions().getMaxAge()).isEqualTo(5);
        });
    }

    @Test
    void strangerIsToldWhatItsPostLacks() {
        Host responder = responder(EchoUse.ALWAYS);

        Response challenge = post(responder, ToyKmp.RESOURCE);
        byte[] echo = challenge
                .getOptions()
                .getOtherOption(StandardOptionRegistry.ECHO)
                .getValue();
        Request again = request(ToyKmp.RESOURCE);
        again.getOptions().addOtherOption(new Option(StandardOptionRegistry.ECHO, echo));

        assertThat(challenge.getRawCode()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(answer(responder, again).getRawCode()).isEqualTo(0x45);
    }

    @Test
    void relayedPostCountsForItsOwnSource() {
        Host responder = responder(EchoUse.LOAD);
        for (int i = 0; i < 40; i++) {
            answer(responder, relayed("192.0.2.1:1", "uid:7", ""));
        }

        assertThat(answer(responder, relayed("192.0.2.1:2", "uid:7", "")).getRawCode())
                .isEqualTo(Answer.TOO_MANY);
        assertThat(answer(responder, relayed("192.0.2.2:1", "uid:7", "")).getRawCode())
                .isEqualTo(0x45);
    }

    @Test
    void relayedReferenceHasToBeGood() {
        Host responder = responder(EchoUse.LOAD);

        Request protectedOne = relayed("192.0.2.1:1", "uid:7", "");
        protectedOne.getOptions().addOtherOption(new Option(RelayOptions.REFERENCE, new byte[] {1, 2}));

        assertThat(answer(responder, protectedOne).getRawCode()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(answer(responder, relayed("192.0.2.1:1", "uid:7", "no endpoint"))
                        .getRawCode())
                .isEqualTo(Answer.BAD_REQUEST);
    }

    @Test
    void largePostComesWholeInBlocks() {
        Host responder = responder(EchoUse.LOAD);
        Request large = request(ToyKmp.RESOURCE);
        large.setPayload(new byte[10_000]);
        Request tooLarge = request(ToyKmp.RESOURCE);
        tooLarge.setPayload(new byte[60_000]);

        assertThat(answer(responder, large).getRawCode()).isEqualTo(Answer.BAD_REQUEST);
        assertThat(answer(responder, tooLarge).getRawCode()).isEqualTo(Answer.TOO_LARGE);
    }

    @Test
    void stoppedHostUnregistersAndGivesUpItsPort() throws Exception {
        Host responder = responder(EchoUse.LOAD);
        InetSocketAddress address = responder.address();

        open.remove(responder);
        responder.close();

        await().atMost(PATIENCE).until(() -> !responderKmp.isRegistered("toy"));
        host("r", EchoUse.LOAD, new Addresses(Map.of()), address);
        await().atMost(PATIENCE).until(() -> responderKmp.isRegistered("toy"));
    }

    @Test
    void portThatIsTakenIsNamed() {
        Host responder = responder(EchoUse.LOAD);

        assertThatThrownBy(() -> host("r", EchoUse.LOAD, new Addresses(Map.of()), responder.address()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot listen on " + Addresses.text(responder.address()));
    }

    @Test
    void sectionThatIsWrongIsNamed() {
        HostConfig config = config("r", EchoUse.LOAD, new Addresses(Map.of()), Map.of("merit", true));

        assertThatThrownBy(() -> Host.start(config, List.of(new ToyProvider())))
                .isInstanceOf(ConfigException.class)
                .hasMessage("section toy: the toy has no merit");
    }

    private void assertAgreed() {
        SadbServiceInstallPairRequest mine = initiatorSadb.pairs().get(0);
        SadbServiceInstallPairRequest theirs = responderSadb.pairs().get(0);
        assertThat(mine.getOutboundKeys()).isEqualTo(theirs.getInboundKeys());
        assertThat(mine.getInboundKeys()).isEqualTo(theirs.getOutboundKeys());
        assertThat(mine.getOutbound().getPeer()).isEqualTo(ToyKmp.PEER.uri());
        assertThat(mine.getRole()).isEqualTo(PairRole.PAIR_ROLE_INITIATOR);
        assertThat(theirs.getRole()).isEqualTo(PairRole.PAIR_ROLE_RESPONDER);
        assertThat(theirs.getUnconfirmed()).isTrue();
        assertThat(mine.getKmpPrivate()).isEqualTo(ByteString.copyFrom(new byte[] {7}));
        assertThat(mine.getRequestId().size()).isEqualTo(16);
    }

    private static KmpServiceRegisterResponse acquire(String via) {
        return KmpServiceRegisterResponse.newBuilder()
                .setAcquire(Acquire.newBuilder()
                        .setSequence(11)
                        .setTarget(ToyKmp.PEER.uri())
                        .setVia(via)
                        .addSuites(ToyKmp.SUITE.code())
                        .addAcceptableIdentities(dev.samd.v1.IdentityPattern.getDefaultInstance()))
                .build();
    }

    private Host responder(EchoUse echo) {
        opened(FakeDaemon.start(directory.resolve("r"), responderKmp, responderSadb));
        Host host = host("r", echo, new Addresses(Map.of()));
        await().atMost(PATIENCE).until(() -> post(host, "/toy").getRawCode() != Answer.UNAVAILABLE);
        return host;
    }

    private void initiator(InetSocketAddress responder) {
        host("i", EchoUse.LOAD, new Addresses(Map.of(ToyKmp.PEER, responder)));
        await().atMost(PATIENCE).until(() -> initiatorKmp.recalls() > 0);
    }

    private Host host(String socket, EchoUse echo, Addresses addresses) {
        return opened(Host.start(config(socket, echo, addresses, Map.of()), List.of(new ToyProvider())));
    }

    private Host host(String socket, EchoUse echo, Addresses addresses, InetSocketAddress listen) {
        HostConfig some = config(socket, echo, addresses, Map.of());
        return opened(Host.start(
                new HostConfig(
                        some.daemon(),
                        listen,
                        echo,
                        1024,
                        some.limits(),
                        Set.of(),
                        List.of(),
                        addresses,
                        some.directory(),
                        some.sections()),
                List.of(new ToyProvider())));
    }

    private HostConfig config(String socket, EchoUse echo, Addresses addresses, Map<String, Object> section) {
        return new HostConfig(
                DaemonAddress.behind(directory.resolve(socket)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                echo,
                1024,
                DriverLimits.DEFAULT,
                Set.of(),
                List.of(),
                addresses,
                directory,
                Map.of("toy", section));
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private static Request request(String path) {
        Request request = new Request(Code.POST);
        if (!path.isEmpty()) {
            request.getOptions().setUriPath(path);
        }
        request.getOptions().setContentFormat(ToyKmp.FORMAT);
        request.setPayload(ToyKmp.HELLO.toArray());
        return request;
    }

    private static Request relayed(String source, String principal, String local) {
        Request request = request(ToyKmp.RESOURCE);
        request.getOptions().addOtherOption(new Option(RelayOptions.SOURCE, source));
        request.getOptions().addOtherOption(new Option(RelayOptions.PRINCIPAL, principal));
        if (!local.isEmpty()) {
            request.getOptions().addOtherOption(new Option(RelayOptions.LOCAL, local));
        }
        return request;
    }

    private Response post(Host host, String path) {
        return answer(host, request(path));
    }

    private Response answer(Host host, Request request) {
        request.setDestinationContext(new AddressEndpointContext(host.address()));
        request.send(stranger);
        try {
            Response response = request.waitForResponse(20_000);
            assertThat(response).as("an answer to " + request.getOptions()).isNotNull();
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
