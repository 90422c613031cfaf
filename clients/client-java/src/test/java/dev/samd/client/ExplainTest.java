// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.Direction;
import dev.samd.v1.SaParameters;
import dev.samd.wire.ErrorWire;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExplainTest {
    private static final Endpoint GATEWAY = Endpoint.parse("coap://gateway");
    private static final Endpoint DEVICE = Endpoint.parse("coap://device-1");

    @TempDir
    Path directory;

    private final FakeAdmin service = new FakeAdmin();
    private FakeDaemon daemon;
    private SamdClient client;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), service);
        client = SamdClient.connect(directory.resolve("s"));
    }

    @AfterEach
    void stop() {
        client.close();
        daemon.close();
    }

    @Test
    void everyQuestionCarriesItsFields() {
        client.admin().explain(new ExplainRequest.Sending(GATEWAY, DEVICE, "PUT", "/a"));
        client.admin().explain(new ExplainRequest.Receiving(GATEWAY, "POST", "/b"));
        client.admin().explain(new ExplainRequest.Captured(Octets.ofHex("4001"), GATEWAY, DEVICE));

        assertThat(service.questions())
                .containsExactly(
                        AdminServiceExplainRequest.newBuilder()
                                .setSending(AdminServiceExplainRequest.Sending.newBuilder()
                                        .setLocal("coap://gateway")
                                        .setTarget("coap://device-1")
                                        .setMethod("PUT")
                                        .setPath("/a"))
                                .build(),
                        AdminServiceExplainRequest.newBuilder()
                                .setReceiving(AdminServiceExplainRequest.Receiving.newBuilder()
                                        .setLocal("coap://gateway")
                                        .setMethod("POST")
                                        .setPath("/b"))
                                .build(),
                        AdminServiceExplainRequest.newBuilder()
                                .setCaptured(AdminServiceExplainRequest.Captured.newBuilder()
                                        .setCoap(ByteString.fromHex("4001"))
                                        .setLocal("coap://gateway")
                                        .setPeer("coap://device-1"))
                                .build());
    }

    @Test
    void explanationSaysVerdictStepsCandidatesAndRefusal() {
        SaException refusal = new SaException(SaError.NO_KMP, "coap://device-1", "no KMP that may be asked");
        service.explainWith(AdminServiceExplainResponse.newBuilder()
                .setVerdict("refused")
                .setPolicy("sensors")
                .addSteps("policy sensors fits coap://device-1")
                .addSteps("no SA is admitted")
                .addCandidates(AdminServiceExplainResponse.Candidate.newBuilder()
                        .setSaId(7)
                        .setReason("another local endpoint")
                        .setEntry(FakeSadb.entry(
                                7,
                                SaParameters.newBuilder()
                                        .setDirection(Direction.DIRECTION_OUTBOUND)
                                        .setSpi(ByteString.fromHex("01"))
                                        .setPeer("coap://device-1")
                                        .build())))
                .addCandidates(AdminServiceExplainResponse.Candidate.newBuilder()
                        .setSaId(8)
                        .setChosen(true)
                        .setReason("gone meanwhile"))
                .setRefusal(ErrorWire.toRefusal(refusal))
                .build());

        Explanation explanation =
                client.admin().explain(new ExplainRequest.Sending(Endpoint.HOST_WIDE, DEVICE, "", ""));

        assertThat(explanation.verdict()).isEqualTo("refused");
        assertThat(explanation.policy()).isEqualTo("sensors");
        assertThat(explanation.steps()).containsExactly("policy sensors fits coap://device-1", "no SA is admitted");
        assertThat(explanation.candidates()).hasSize(2);
        assertThat(explanation.candidates().get(0).entry().orElseThrow().peer()).isEqualTo(DEVICE);
        assertThat(explanation.candidates().get(1))
                .isEqualTo(new Explanation.Candidate(new SaId(8), true, "gone meanwhile", Optional.empty()));
        assertThat(explanation.refusal().orElseThrow().error()).isEqualTo(SaError.NO_KMP);
        assertThat(explanation.refusal().orElseThrow()).hasMessage("no KMP that may be asked");
    }

    @Test
    void questionThatTheDaemonRefusesIsARefusal() {
        service.refuseToExplain(new SaException(SaError.NOT_PERMITTED, "uid:1000", "uid:1000 may not explain"));

        SaException refused = catchThrowableOfType(SaException.class, () -> client.admin()
                .explain(new ExplainRequest.Receiving(Endpoint.HOST_WIDE, "", "")));

        assertThat(refused.error()).isEqualTo(SaError.NOT_PERMITTED);
    }

    @Test
    void capturedMessageIsNotPrinted() {
        assertThat(new ExplainRequest.Captured(Octets.ofHex("40014243"), GATEWAY, DEVICE))
                .hasToString("Captured[4 octets, local=coap://gateway, peer=coap://device-1]");
    }
}
