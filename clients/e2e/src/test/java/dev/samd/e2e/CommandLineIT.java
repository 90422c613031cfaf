// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a script uses it: real commands, real daemons, octets through pipes. */
class CommandLineIT {
    private static final String KEY_OUT = "000102030405060708090a0b0c0d0e0f";
    private static final String KEY_BACK = "101112131415161718191a1b1c1d1e1f";
    private static final HexFormat HEX = HexFormat.of();

    /** GET coap://example.com/temp?u=C. */
    private static final byte[] REQUEST = HEX.parseHex("410112344a3b6578616d706c652e636f6d8474656d7043753d43");

    /** 2.05 "22.5" with the same token. */
    private static final byte[] RESPONSE = HEX.parseHex("614512344ac0ff32322e35");

    @TempDir
    private Path directory;

    private Processes processes;

    @BeforeEach
    void startDaemons() throws IOException, InterruptedException {
        processes = new Processes(directory);
        processes.daemon("client");
        processes.daemon("server");
    }

    @AfterEach
    void stopDaemons() throws InterruptedException {
        processes.stop();
    }

    private Processes.Ended add(String daemon, String direction, String spi, String peer, String key, String... more)
            throws IOException, InterruptedException {
        Path keyFile = Files.writeString(directory.resolve(daemon + direction + spi + ".key"), key + "\n");
        String[] arguments = new String[15 + more.length];
        System.arraycopy(
                new String[] {
                    "sa",
                    "add",
                    "--direction",
                    direction,
                    "--spi",
                    spi,
                    "--peer",
                    peer,
                    "--suite",
                    "c0a8",
                    "--key",
                    "@" + keyFile,
                    "--iv",
                    "a0a1a2a3",
                    "--epoch=1"
                },
                0,
                arguments,
                0,
                15);
        System.arraycopy(more, 0, arguments, 15, more.length);
        return processes.samctl(daemon, arguments);
    }

    private void pairUp() throws IOException, InterruptedException {
        assertThat(add("client", "out", "2b01", "coap://example.com", KEY_OUT, "--fresh", "--pair", "p")
                        .code())
                .isZero();
        assertThat(add("client", "in", "1645", "coap://example.com", KEY_BACK, "--fresh", "--pair", "p")
                        .code())
                .isZero();
        assertThat(add("server", "in", "2b01", "coap://device", KEY_OUT, "--fresh", "--pair", "p")
                        .code())
                .isZero();
        assertThat(add("server", "out", "1645", "coap://device", KEY_BACK, "--fresh", "--pair", "p")
                        .code())
                .isZero();
    }

    private static JsonObject onlyLine(String err) {
        assertThat(err.strip().lines()).as(err).hasSize(1);
        return JsonParser.parseString(err).getAsJsonObject();
    }

    @Test
    void requestAndResponseGoThroughPipes() throws IOException, InterruptedException {
        pairUp();

        Processes.Ended sent = processes.samctl("client", REQUEST, "protect");
        Processes.Ended arrived = processes.samctl("server", sent.out(), "unprotect");
        String requestAtServer = onlyLine(arrived.err()).get("ref").getAsString();
        Processes.Ended answer = processes.samctl("server", RESPONSE, "protect", "--in-reply-to", requestAtServer);
        String requestAtClient = onlyLine(sent.err()).get("ref").getAsString();
        Processes.Ended answered =
                processes.samctl("client", answer.out(), "unprotect", "--in-reply-to", requestAtClient);

        assertThat(sent.code()).isZero();
        assertThat(arrived.out()).isEqualTo(REQUEST);
        assertThat(answered.out()).isEqualTo(RESPONSE);
        JsonObject facts = onlyLine(arrived.err());
        assertThat(facts.get("spi").getAsString()).isEqualTo("2b01");
        assertThat(facts.get("peer").getAsString()).isEqualTo("coap://device");
        assertThat(facts.has("sa_id")).isTrue();
        assertThat(facts.has("identity")).isTrue();
    }

    @Test
    void whatAPeerDidWrongIsARefusalWithItsReason() throws IOException, InterruptedException {
        pairUp();
        byte[] sent = processes.samctl("client", REQUEST, "protect").out();
        byte[] changed = sent.clone();
        changed[changed.length - 1] ^= 1;

        Processes.Ended forged = processes.samctl("server", changed, "unprotect");
        Processes.Ended first = processes.samctl("server", sent, "unprotect");
        Processes.Ended again = processes.samctl("server", sent, "unprotect");

        assertThat(forged.code()).isEqualTo(1);
        assertThat(onlyLine(forged.err()).get("reason").getAsString()).isEqualTo("BAD_TAG");
        assertThat(first.code()).isZero();
        assertThat(again.code()).isEqualTo(1);
        assertThat(onlyLine(again.err()).get("reason").getAsString()).isEqualTo("REPLAY");
        assertThat(again.out()).isEmpty();
    }

    @Test
    void exitCodesTellRefusalUsageAndUnreachableApart() throws IOException, InterruptedException {
        assertThat(processes.samctl("client", REQUEST, "protect").code()).isEqualTo(1);
        assertThat(processes.samctl("client", new byte[0], "protect").code()).isNotZero();
        assertThat(processes.samctl("client", "sa", "add", "--spi", "2b01").code())
                .isEqualTo(2);
        assertThat(processes.samctl("client", "no-such-command").code()).isEqualTo(2);
        assertThat(processes.samctl("nobody", "whoami").code()).isEqualTo(3);
        assertThat(processes.samctl("client", "whoami").code()).isZero();
    }

    @Test
    void everyBadInstallationNamesTheThingAndTheValue() throws IOException, InterruptedException {
        pairUp();

        Processes.Ended taken = add("server", "in", "2b01", "coap://device", "f".repeat(32), "--fresh");
        Processes.Ended prefix = add("server", "in", "2b0102", "coap://device", "e".repeat(32), "--fresh");
        Processes.Ended shortKey = add("server", "in", "77", "coap://device", "0001", "--fresh");
        Processes.Ended zero = add("server", "in", "0000", "coap://device", "d".repeat(32), "--fresh");
        Processes.Ended noHistory = add("server", "in", "78", "coap://device", "c".repeat(32));
        Processes.Ended reused = add("server", "in", "79", "coap://device", KEY_OUT, "--fresh");
        Processes.Ended longSpi = add("server", "in", "aa".repeat(21), "coap://device", "b".repeat(32), "--fresh");

        assertThat(taken.err()).contains("2b01");
        assertThat(prefix.err()).contains("2b0102").contains("2b01");
        assertThat(shortKey.err()).contains("2 octets").contains("16").doesNotContain("0001");
        assertThat(zero.err()).contains("0000");
        assertThat(noHistory.code()).isEqualTo(2);
        assertThat(noHistory.err()).contains("--fresh").contains("--next-seq");
        assertThat(reused.code()).isEqualTo(1);
        assertThat(reused.err()).doesNotContain(KEY_OUT);
        assertThat(longSpi.err()).contains("21");
        for (Processes.Ended refused : new Processes.Ended[] {taken, prefix, shortKey, zero, longSpi}) {
            assertThat(refused.code()).as(refused.err()).isIn(1, 2);
        }
        String listed = processes.samctl("server", "-o", "jsonl", "sa", "list").text();
        assertThat(listed.strip().lines()).hasSize(2);
    }

    @Test
    void rawRecordsAreSealedAndOpened() throws IOException, InterruptedException {
        assertThat(add("client", "out", "2b01", "coap://example.com", KEY_OUT, "--fresh", "--content", "raw")
                        .code())
                .isZero();
        assertThat(add("server", "in", "2b01", "coap://device", KEY_OUT, "--fresh", "--content", "raw")
                        .code())
                .isZero();
        byte[] plaintext = "any octets".getBytes(StandardCharsets.UTF_8);

        Processes.Ended sealed =
                processes.samctl("client", plaintext, "seal", "--out", "2b01", "--peer", "coap://example.com");
        Processes.Ended opened = processes.samctl("server", sealed.out(), "open");

        assertThat(sealed.err()).contains("\"spi\"");
        assertThat(opened.out()).isEqualTo(plaintext);
    }
}
