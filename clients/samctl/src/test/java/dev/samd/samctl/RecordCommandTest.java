// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeRecords;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceUnprotectRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RecordCommandTest {
    private static final String IDENTITY =
            "\"identity\":{\"kmp\":\"manual\",\"type\":\"MANUAL\",\"issuer\":\"\",\"value\":\"coap://device-1\"}";

    /** GET coap://server:7000/ */
    private static final String GET = "4001000136" + "736572766572" + "42" + "1b58";

    @TempDir
    Path directory;

    private final FakeRecords records = new FakeRecords();
    private FakeDaemon daemon;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), records);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void protectGivesTheMessageAndOneLine() {
        Run run = run(octets(GET), "protect --target coap://device-1 --local coap://client --in-reply-to aabb");

        assertThat(run.raw()).isEqualTo(octets(GET));
        assertThat(run.err())
                .isEqualTo("{\"ref\":\"0a0b0c\",\"sa_id\":7,\"spi\":\"3f1a07c2\",\"peer\":\"coap://device-1\","
                        + IDENTITY + "}\n");
        assertThat(run.code()).isZero();
        RecordServiceProtectRequest sent = records.items().get(0).getProtect();
        assertThat(sent.getDefaultTarget()).isEqualTo("coap://device-1");
        assertThat(sent.getLocal()).isEqualTo("coap://client");
        assertThat(sent.getInReplyTo().toByteArray()).isEqualTo(octets("aabb"));
    }

    @Test
    void hexIsTextOnBothSides() {
        Run run = run(
                (GET.substring(0, 8) + "\n" + GET.substring(8) + "\n").getBytes(StandardCharsets.US_ASCII),
                "protect --hex");

        assertThat(run.out()).isEqualTo(GET + "\n");
        assertThat(run.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"protect", "unprotect"})
    void whatThePolicyLetsPassInClearIsTheOutputAndTheLineSaysSo(String command) {
        byte[] clear = {FakeRecords.BYPASSED, 1, 2};

        Run run = run(clear, command);

        assertThat(run.raw()).isEqualTo(clear);
        assertThat(run.err()).isEqualTo("{\"bypassed\":true}\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void answerToARequestThatIsNotFreshIsTheOutputOfAFailure() {
        byte[] answer = {FakeRecords.CHALLENGED, 1, 2};

        Run run = run(answer, "unprotect");

        assertThat(run.raw()).isEqualTo(answer);
        assertThat(run.err())
                .isEqualTo("{\"outcome\":\"challenged\",\"message\":\"challenged: the output is the answer, for where"
                        + " the request came from\"}\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void unprotectTakesItsLocalEndpointFromTheMessage() {
        Run run = run(octets(GET), "unprotect");

        assertThat(run.raw()).isEqualTo(octets(GET));
        assertThat(run.err())
                .isEqualTo("{\"ref\":\"0d0e0f\",\"sa_id\":8,\"spi\":\"3f1a07c2\",\"peer\":\"coap://device-1\","
                        + IDENTITY + ",\"pair_id\":3,\"observe_order\":5}\n");
        assertThat(records.items().get(0).getUnprotect().getLocal()).isEqualTo("coap://server:7000");
    }

    @Test
    void unprotectIsToldOtherwise() {
        run(octets(GET), "unprotect --local coap://elsewhere --peer coap://device-1 --in-reply-to 0102");

        RecordServiceUnprotectRequest sent = records.items().get(0).getUnprotect();
        assertThat(sent.getLocal()).isEqualTo("coap://elsewhere");
        assertThat(sent.getPeer()).isEqualTo("coap://device-1");
        assertThat(sent.getInReplyTo().toByteArray()).isEqualTo(octets("0102"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"604500013673657276657242" + "1b58", "400100015101", "ff", "4001000130", "400100013120"})
    void messageThatNamesNoEndpointArrivedAtTheHost(String message) {
        run(octets(message), "unprotect");

        assertThat(records.items().get(0).getUnprotect().getLocal()).isEmpty();
    }

    @Test
    void discardedMessageEndsWithOneAndNoOutput() {
        Run run = run(new byte[] {FakeRecords.REPLAYED, 1}, "unprotect");

        assertThat(run.raw()).isEmpty();
        assertThat(run.err())
                .isEqualTo("{\"outcome\":\"discarded\",\"reason\":\"REPLAY\",\"errno\":114,"
                        + "\"message\":\"discarded: REPLAY\",\"retryable\":false,\"sa_id\":7,"
                        + "\"tell_network\":false}\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void refusedMessageEndsWithOneAndNoOutput() {
        Run run = run(new byte[] {FakeRecords.REFUSED, 1}, "protect");

        assertThat(run.raw()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "{\"outcome\":\"refused\",\"reason\":\"NO_USABLE_SA\",\"errno\":3,\"message\":\"no usable SA for peer coap://x\","
                                + "\"value\":\"coap://x\",\"retryable\":true}\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void sealAndOpenDoLikewise() {
        Run sealed = run(octets("00ff10"), "seal --sa 7 --padding 4 --local coap://client");
        Run byName = run(octets("00ff11"), "seal --out 3f1a07c2 --peer coap://device-1");
        Run opened = run(octets("00ff12"), "open --local coap://server --peer coap://device-1");

        assertThat(sealed.raw()).isEqualTo(octets("00ff10"));
        assertThat(sealed.err())
                .isEqualTo("{\"sa_id\":7,\"spi\":\"3f1a07c2\",\"peer\":\"coap://device-1\"," + IDENTITY
                        + ",\"epoch\":1,\"sequence\":42}\n");
        assertThat(records.items().get(0).getSeal().getPadding()).isEqualTo(4);
        assertThat(records.items().get(0).getSeal().getSa().getSaId()).isEqualTo(7);
        assertThat(byName.code()).isZero();
        assertThat(records.items().get(1).getSeal().getSa().getOutbound().getPeer())
                .isEqualTo("coap://device-1");
        assertThat(opened.raw()).isEqualTo(octets("00ff12"));
        assertThat(records.items().get(2).getOpen().getLocal()).isEqualTo("coap://server");
        assertThat(records.items().get(2).getOpen().getPeer()).isEqualTo("coap://device-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "protect | one CoAP message",
                "unprotect | one protected CoAP message",
                "seal --sa 7 | the octets to seal",
                "open | one record",
                "protect --hex | one CoAP message"
            })
    void emptyInputIsRefused(String commandLine, String expected) {
        Run run = run(new byte[0], commandLine);

        assertThat(run.err())
                .isEqualTo(
                        "{\"outcome\":\"refused\",\"reason\":\"MALFORMED\",\"errno\":22,\"message\":\"standard input is empty; "
                                + expected + " expected\",\"value\":\"standard input\",\"retryable\":false}\n");
        assertThat(run.code()).isEqualTo(1);
        assertThat(records.items()).isEmpty();
    }

    @Test
    void inputBeyondEveryMessageIsRefusedUnread() {
        Run run = run(new byte[65_536], "protect");

        assertThat(run.err())
                .startsWith("{\"outcome\":\"refused\",\"reason\":\"TOO_LARGE\"")
                .hasLineCount(1);
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void textThatIsNoHexIsRefused() {
        Run run = run("no hex".getBytes(StandardCharsets.US_ASCII), "protect --hex");

        assertThat(run.err())
                .startsWith("{\"outcome\":\"refused\",\"reason\":\"MALFORMED\"")
                .hasLineCount(1);
        assertThat(run.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "protect --in-reply-to xy | --in-reply-to: 'xy' is not an even number of hexadecimal digits",
                "seal | name one SA: --sa ID, or --out SPI --peer URI",
                "seal --sa x | --sa: 'x' is no SA number",
                "open --what | Unknown option: '--what'",
                "--what protect | Unknown option: '--what'"
            })
    void badUsageIsOneLineOfJsonToo(String commandLine, String message) {
        Run run = run(new byte[] {1}, commandLine);

        assertThat(run.err()).isEqualTo("{\"outcome\":\"usage\",\"message\":\"" + message + "\"}\n");
        assertThat(run.code()).isEqualTo(2);
        assertThat(records.items()).isEmpty();
    }

    @Test
    void daemonThatIsAwayEndsWithThreeAndOneLine() {
        daemon.close();

        Run run = run(octets(GET), "protect");

        assertThat(run.err())
                .isEqualTo("{\"outcome\":\"unreachable\",\"message\":\"samd at " + directory.resolve("s")
                        + " cannot be reached: no socket is there\"}\n");
        assertThat(run.code()).isEqualTo(3);
    }

    private Run run(byte[] stdin, String commandLine) {
        return Run.of(directory.resolve("s"), stdin, Run.words(commandLine));
    }

    private static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
