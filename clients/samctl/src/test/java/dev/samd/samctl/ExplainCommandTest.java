// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.samd.client.FakeAdmin;
import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeSadb;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.Direction;
import dev.samd.v1.SaParameters;
import dev.samd.wire.ErrorWire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ExplainCommandTest {
    /** GET coap://server:7000/ */
    private static final String GET = "4001000136" + "736572766572" + "42" + "1b58";

    @TempDir
    Path directory;

    private final FakeAdmin admin = new FakeAdmin();
    private FakeDaemon daemon;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), admin);
        admin.explainWith(AdminServiceExplainResponse.newBuilder()
                .setVerdict("refused")
                .setPolicy("sensors")
                .addSteps("policy sensors fits coap://device-1")
                .addSteps("no SA is admitted")
                .addCandidates(AdminServiceExplainResponse.Candidate.newBuilder()
                        .setSaId(8)
                        .setReason("another local endpoint")
                        .setEntry(FakeSadb.entry(
                                8,
                                SaParameters.newBuilder()
                                        .setDirection(Direction.DIRECTION_OUTBOUND)
                                        .setSpi(ByteString.fromHex("01"))
                                        .setPeer("coap://device-1")
                                        .build())))
                .addCandidates(AdminServiceExplainResponse.Candidate.newBuilder()
                        .setSaId(7)
                        .setChosen(true)
                        .setReason("the newest"))
                .setRefusal(ErrorWire.toRefusal(
                        new SaException(SaError.NO_KMP, "coap://device-1", "no KMP for coap://device-1")))
                .build());
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void requestThatMightBeSentIsAskedFor() {
        run("explain --target coap://device-1 --local coap://gateway --method put --path /a");

        AdminServiceExplainRequest.Sending asked = admin.questions().get(0).getSending();
        assertThat(asked.getTarget()).isEqualTo("coap://device-1");
        assertThat(asked.getLocal()).isEqualTo("coap://gateway");
        assertThat(asked.getMethod()).isEqualTo("PUT");
        assertThat(asked.getPath()).isEqualTo("/a");
    }

    @Test
    void requestThatMightArriveIsAskedFor() {
        run("explain --arriving --local coap://gateway --path /a");

        AdminServiceExplainRequest.Receiving asked = admin.questions().get(0).getReceiving();
        assertThat(asked.getLocal()).isEqualTo("coap://gateway");
        assertThat(asked.getMethod()).isEmpty();
        assertThat(asked.getPath()).isEqualTo("/a");
    }

    @Test
    void capturedMessageComesFromTheCommandLineAFileOrStandardInput() throws IOException {
        Path file = Files.writeString(directory.resolve("m"), GET.substring(0, 8) + "\n" + GET.substring(8) + "\n");

        run("explain --message " + GET);
        run("explain --message @" + file);
        Run.of(directory.resolve("s"), GET.getBytes(StandardCharsets.US_ASCII), "explain", "--message", "-");

        assertThat(admin.questions()).hasSize(3).allSatisfy(question -> {
            assertThat(question.getCaptured().getCoap()).isEqualTo(ByteString.fromHex(GET));
            assertThat(question.getCaptured().getLocal()).isEqualTo("coap://server:7000");
            assertThat(question.getCaptured().getPeer()).isEmpty();
        });
    }

    @Test
    void whatIsSaidGoesBeforeWhatTheMessageTells() {
        run("explain --message " + GET + " --local coap://gateway --peer coap://device-1");

        assertThat(admin.questions().get(0).getCaptured().getLocal()).isEqualTo("coap://gateway");
        assertThat(admin.questions().get(0).getCaptured().getPeer()).isEqualTo("coap://device-1");
    }

    @Test
    void peopleReadVerdictStepsAndCandidates() {
        Run run = run("explain --target coap://device-1");

        assertThat(run.out())
                .isEqualTo(
                        """
                        verdict  refused
                        policy   sensors
                        refusal  NO_KMP: no KMP for coap://device-1
                        step 1   policy sensors fits coap://device-1
                        step 2   no SA is admitted
                        SA 8     not: another local endpoint
                        SA 7     chosen: the newest
                        """);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    void machinesReadTheSame() {
        Run run = run("explain --target coap://device-1 -o json");

        assertThat(run.out())
                .startsWith("{\"verdict\":\"refused\",\"policy\":\"sensors\",\"steps\":["
                        + "\"policy sensors fits coap://device-1\",\"no SA is admitted\"],\"candidates\":["
                        + "{\"sa_id\":8,\"chosen\":false,\"reason\":\"another local endpoint\",\"entry\":{\"sa_id\":8,")
                .endsWith("{\"sa_id\":7,\"chosen\":true,\"reason\":\"the newest\"}],\"refusal\":{\"reason\":\"NO_KMP\","
                        + "\"errno\":" + SaError.NO_KMP.errno() + ",\"message\":\"no KMP for coap://device-1\","
                        + "\"value\":\"coap://device-1\",\"retryable\":" + SaError.NO_KMP.retryable() + "}}\n");
    }

    @Test
    void absentPolicyIsSaidToBeAbsent() {
        admin.explainWith(
                AdminServiceExplainResponse.newBuilder().setVerdict("protected").build());

        assertThat(run("explain --target coap://device-1").out()).isEqualTo("verdict  protected\npolicy   -\n");
    }

    @Test
    void refusalToExplainEndsWithOne() {
        admin.refuseToExplain(new SaException(SaError.NOT_PERMITTED, "uid:1", "uid:1 may not explain"));

        Run run = run("explain --arriving");

        assertThat(run.err()).isEqualTo("samctl: uid:1 may not explain (NOT_PERMITTED)\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "explain ~ ask one thing: --target URI, --arriving, or --message HEX|@FILE|-",
                "explain --arriving --target coap://a ~ ask one thing: --target URI, --arriving, or --message HEX|@FILE|-",
                "explain --message 00 --path /a ~ --method and --path go with --target and --arriving only",
                "explain --arriving --peer coap://a ~ --peer goes with --message only",
                "explain --message 0 ~ --message: '0' is not an even number of hexadecimal digits",
                "explain --message - ~ --message: standard input is empty; one CoAP message expected",
                "explain --message @/nowhere ~ --message: file /nowhere does not exist",
                "explain --message @/ ~ --message: file / cannot be read"
            })
    void whatCannotBeAskedIsBadUsage(String commandLine, String message) {
        Run run = run(commandLine);

        assertThat(run.err()).isEqualTo("samctl: " + message + "\n");
        assertThat(run.code()).isEqualTo(2);
        assertThat(admin.questions()).isEmpty();
    }

    @Test
    void fileThatHoldsNoHexIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("m"), "hello");

        assertThat(run("explain --message @" + file).err())
                .isEqualTo("samctl: --message: file " + file + " is not an even number of hexadecimal digits\n");
    }

    @Test
    void fileThatIsNoMessageIsNotReadWhole() throws IOException {
        Path file = Files.writeString(directory.resolve("m"), "00".repeat(200_000));

        assertThat(run("explain --message @" + file).err())
                .isEqualTo("samctl: --message: file " + file + " holds more than one message can be\n");
    }

    private Run run(String commandLine) {
        return Run.of(directory.resolve("s"), commandLine);
    }
}
