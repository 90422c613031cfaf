// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.samd.client.FakeAdmin;
import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeSadb;
import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.SaParameters;
import dev.samd.v1.Direction;
import dev.samd.v1.Fresh;
import dev.samd.v1.PairRole;
import dev.samd.v1.ResumeSending;
import dev.samd.v1.Rights;
import dev.samd.v1.SaEntry;
import dev.samd.v1.Usage;
import dev.samd.wire.SaWire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SaCommandTest {
    private static final String KEY = "000102030405060708090a0b0c0d0e0f";
    private static final String IV = "a0a1a2a3";
    private static final String ADD = "sa add --direction in --spi 3f1a07c2 --peer coap://device-1 "
            + "--suite TLS_PSK_WITH_AES_128_CCM_8 --epoch 1 --fresh ";
    private static final String WARNING =
            "samctl: warning: a key on the command line is seen by others; use @FILE or -\n";

    @TempDir
    Path directory;

    private final FakeSadb sadb = new FakeSadb();
    private FakeDaemon daemon;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), sadb, new FakeAdmin());
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void addInstallsWithDefaultsAndShowsNoKey() {
        Run run = run(ADD + "--key " + KEY + " --iv " + IV);

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("id    1\npair  -\n");
        assertThat(run.err()).isEqualTo(WARNING);
        SaParameters sent = sent();
        assertThat(sent.identity()).isEqualTo(Identity.manual("coap://device-1"));
        assertThat(sent.local().isHostWide()).isTrue();
        assertThat(sent.content()).isEqualTo(Content.MESSAGE);
        assertThat(sent.form()).isEqualTo(Form.SAMD);
        assertThat(sent.connectionId()).isTrue();
        assertThat(sent.window()).isEqualTo(128);
        assertThat(sent.history()).isEqualTo(new History.Fresh());
        assertThat(sadb.added().get(0).getKeys().getKey()).isEqualTo(ByteString.fromHex(KEY));
        assertThat(sadb.added().get(0).getKeys().getIv()).isEqualTo(ByteString.fromHex(IV));
    }

    @Test
    void addCarriesEveryOption() {
        Run run = run(
                "sa add --direction out --spi 01 --peer coap://device-1 --local coap://gateway:7000 "
                        + "--peer-identity device-1 --suite c0a8 --key " + KEY + " --iv " + IV
                        + " --epoch 3 --next-seq 500 --pair p --content raw --no-cid --window 256 --soft-time 15m --hard-time 2h "
                        + "--soft-records 10 --hard-records 20 --soft-octets 1000 --hard-octets 2000 --soft-use-time 5m --hard-use-time 6m --reqid 77 -o json");

        assertThat(run.out()).isEqualTo("{\"sa_id\":1,\"pair_id\":1}\n");
        SaParameters sent = sent();
        assertThat(sent.direction()).isEqualTo(dev.samd.sa.Direction.OUTBOUND);
        assertThat(sent.local().uri()).isEqualTo("coap://gateway:7000");
        assertThat(sent.identity()).isEqualTo(Identity.manual("device-1"));
        assertThat(sent.suite().code()).isEqualTo(0xc0a8);
        assertThat(sent.epoch()).isEqualTo(3);
        assertThat(sent.content()).isEqualTo(Content.RAW);
        assertThat(sent.form()).isEqualTo(Form.NONE);
        assertThat(sent.connectionId()).isFalse();
        assertThat(sent.window()).isEqualTo(256);
        assertThat(sent.history()).isEqualTo(new History.ResumeSending(500));
        assertThat(sent.lifetime().soft().addTime()).isEqualTo(Duration.ofMinutes(15));
        assertThat(sent.lifetime().hard().addTime()).isEqualTo(Duration.ofHours(2));
        assertThat(sent.lifetime().soft().records()).isEqualTo(10);
        assertThat(sent.lifetime().hard().records()).isEqualTo(20);
        assertThat(sent.lifetime().soft().octets()).isEqualTo(1000);
        assertThat(sent.lifetime().hard().octets()).isEqualTo(2000);
        assertThat(sent.lifetime().soft().useTime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(sent.lifetime().hard().useTime()).isEqualTo(Duration.ofMinutes(6));
        assertThat(sent.reqid()).isEqualTo(77);
        assertThat(sadb.added().get(0).getPairName()).isEqualTo("p");
    }

    @Test
    void nextSequenceOfAnInboundSaMeansSeenBelow() {
        run(ADD.replace("--fresh", "--next-seq 7") + "--key " + KEY + " --iv " + IV);

        assertThat(sent().history()).isEqualTo(new History.ResumeAccepting(6, Octets.EMPTY));
    }

    @Test
    void draftFormIsTheDraftsForm() {
        run(ADD + "--form draft --key " + KEY + " --iv " + IV);

        assertThat(sent().form()).isEqualTo(Form.DRAFT_EXACT);
    }

    @Test
    void keysComeFromFilesAndStandardInputWithoutAWarning() throws IOException {
        Path iv = directory.resolve("iv");
        Files.writeString(iv, "a0a1 a2a3\n");

        Run run = Run.of(
                directory.resolve("s"),
                (KEY + "\n").getBytes(StandardCharsets.US_ASCII),
                Run.words(ADD + "--key - --iv @" + iv));

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(sadb.added().get(0).getKeys().getKey()).isEqualTo(ByteString.fromHex(KEY));
        assertThat(sadb.added().get(0).getKeys().getIv()).isEqualTo(ByteString.fromHex(IV));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "--key zz --iv a0a1a2a3 ~ --key: the command line does not hold an even number of hexadecimal digits",
                "--key 000 --iv a0a1a2a3 ~ --key: the command line does not hold an even number of hexadecimal digits",
                "--key @nowhere --iv a0a1a2a3 ~ --key: file nowhere does not exist",
                "--key @/ --iv a0a1a2a3 ~ --key: file / cannot be read",
                "--key - --iv a0a1a2a3 ~ --key: standard input does not hold an even number of hexadecimal digits",
                "--key - --iv - ~ --key and --iv cannot both come from standard input",
                "--iv a0a1a2a3 ~ Missing required option: '--key=HEX|@FILE|-'"
            })
    void unreadableKeysAreBadUsage(String keys, String message) {
        Run run = run(ADD + keys);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("samctl: " + message + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(sadb.added()).isEmpty();
    }

    @Test
    void wrongKeyLengthIsRefusedByLength() {
        Run run = run(ADD + "--key 00ff --iv " + IV);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(WARNING + "samctl: key of 2 octets; TLS_PSK_WITH_AES_128_CCM_8 needs 16 (INVALID_KEY)\n");
        assertThat(sadb.added()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "--fresh ~ '' ~ say either --fresh or --next-seq N: there is no default, so that no used key begins at 0 again",
                "--fresh ~ --fresh --next-seq 3 ~ say either --fresh or --next-seq N: there is no default, so that no used key begins at 0 again",
                "3f1a07c2 ~ xyz ~ --spi: 'xyz' is not an even number of hexadecimal digits",
                "--fresh ~ --fresh --content raw --form samd ~ --form goes with --content message only",
                "--epoch 1 ~ --epoch one ~ Invalid value for option '--epoch': 'one' is not an int",
                "--fresh ~ --fresh --hard-time soon ~ Invalid value for option '--hard-time': 'soon' is no duration: 90s, 15m, 2h, 7d, seconds, or ISO-8601",
                "--fresh ~ --fresh --what ~ Unknown option: '--what'"
            })
    void badUsageIsNamedOnOneLine(String replaced, String by, String message) {
        Run run = run((ADD + "--key " + KEY + " --iv " + IV).replace(replaced, by));

        assertThat(run.err()).isEqualTo("samctl: " + message + "\n");
        assertThat(run.code()).isEqualTo(2);
        assertThat(sadb.added()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "3f1a07c2 ~ 0000 ~ SPI 0000 is zero, which is reserved (INVALID_SPI)",
                "3f1a07c2 ~ 3f1a07c23f1a07c23f1a07c23f1a07c23f1a07c2ff ~ SPI of 21 octets; 1..20 expected (INVALID_SPI)",
                "--fresh ~ --next-seq -1 ~ sequence number -1; 0..2^48-1 expected (INVALID_SEQUENCE)",
                "--epoch 1 ~ --epoch 65536 ~ epoch 65536; 1..65535 expected (INVALID_SEQUENCE)",
                "--fresh ~ --fresh --window 65 ~ replay window of 65 records; 64..4096 in steps of 64 expected (INVALID_WINDOW)",
                "coap://device-1 ~ device-1 ~ endpoint \"device-1\" is not scheme://host[:port] with a CoAP scheme (MALFORMED_ENDPOINT)",
                "--fresh ~ --fresh --no-cid ~ records without connection ID are for content RAW and form DRAFT_EXACT only (WRONG_CONTENT)"
            })
    void whatNoDaemonAcceptsIsRefused(String replaced, String by, String message) {
        Run run = run((ADD + "--key " + KEY + " --iv " + IV).replace(replaced, by));

        assertThat(run.err()).isEqualTo("samctl: " + message + "\n");
        assertThat(run.code()).isEqualTo(1);
        assertThat(sadb.added()).isEmpty();
    }

    @Test
    void unknownSuiteIsRefusedWithWhatIsKnown() {
        Run run = run(ADD.replace("TLS_PSK_WITH_AES_128_CCM_8", "1301") + "--key " + KEY + " --iv " + IV);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("samctl: cipher suite \"1301\" is not supported; records are made with AES_128");
    }

    @Test
    void refusalOfTheDaemonIsShownAndEndsWithOne() {
        run(ADD + "--key " + KEY + " --iv " + IV);

        Run again = run(ADD + "--key " + KEY + " --iv " + IV);

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).isEqualTo(WARNING + "samctl: SPI 3f1a07c2 is in use (SPI_IN_USE)\n");
    }

    @Test
    void daemonThatIsAwayEndsWithThree() {
        daemon.close();

        Run run = run("sa list");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("samctl: samd at " + directory.resolve("s") + " cannot be reached: no socket is there\n");
    }

    @Test
    void socketOfTheCommandLineGoesBeforeTheEnvironment() {
        Run run = run("--socket " + directory.resolve("other") + " whoami");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("samd at " + directory.resolve("other") + " ");
    }

    @Test
    void listShowsWhatOperatorsAskFor() {
        putTwo();

        Run run = run("sa list");

        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "ID SPI DIRECTION STATE PEER LOCAL SUITE EPOCH NEXT/EDGE RECORDS OCTETS AGE LEFT KMP IDENTITY OWNER FLAGS RIGHTS REFUSALS",
                        "7 3f1a07c2 INBOUND DYING coap://device-1 coap://gateway TLS_PSK_WITH_AES_128_CCM_8 1 11 3 300"
                                + " 1h0m 59m55s manual coap://device-1 uid:1000 SUSPENDED - REPLAY=2 BAD_TAG=1",
                        "8 01 OUTBOUND MATURE coap://device-1 - TLS_PSK_WITH_AES_128_CCM_8 1 0 0 0"
                                + " 1h0m - manual coap://device-1 uid:1000 - - -");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    void columnsStandUnderTheirNames() {
        putTwo();

        List<String> lines = run("sa list").out().lines().toList();

        assertThat(lines.get(1).indexOf("coap://device-1"))
                .isEqualTo(lines.get(0).indexOf("PEER"));
        assertThat(lines.get(2).indexOf("manual")).isEqualTo(lines.get(0).indexOf("KMP"));
    }

    @Test
    void listFiltersByPeerStateAndDirection() {
        putTwo();

        assertThat(run("sa list --direction out -o jsonl").out())
                .startsWith("{\"sa_id\":8,")
                .hasLineCount(1);
        assertThat(run("sa list --state dying -o jsonl").out())
                .startsWith("{\"sa_id\":7,")
                .hasLineCount(1);
        assertThat(run("sa list --peer coap://nobody -o jsonl").out()).isEmpty();
        assertThat(run("sa list --state undead").code()).isEqualTo(2);
    }

    @Test
    void listAsJsonIsOneArray() {
        putTwo();

        String out = run("-o json sa list").out();

        assertThat(out)
                .startsWith("[{\"sa_id\":7,")
                .contains("},\n {\"sa_id\":8,")
                .endsWith("}]\n");
        assertThat(run("-o json sa list --peer coap://nobody").out()).isEqualTo("[]\n");
    }

    @Test
    void getAsJsonHasTheNamesOfTheProto() {
        putTwo();

        assertThat(run("-o json sa get 7").out())
                .isEqualTo("{\"sa_id\":7,\"revision\":7,\"state\":\"DYING\",\"parameters\":{\"direction\":\"INBOUND\","
                        + "\"spi\":\"3f1a07c2\",\"peer\":\"coap://device-1\",\"local\":\"coap://gateway\","
                        + "\"peer_identity\":{\"kmp\":\"manual\",\"type\":\"MANUAL\",\"issuer\":\"\","
                        + "\"value\":\"coap://device-1\"},\"suite\":49320,\"suite_name\":\"TLS_PSK_WITH_AES_128_CCM_8\","
                        + "\"version\":65277,\"epoch\":1,\"content\":\"MESSAGE\",\"form\":\"SAMD\","
                        + "\"no_connection_id\":false,\"window\":128,\"lifetime\":{\"soft\":{\"records\":4194304,"
                        + "\"octets\":0,\"failed_openings\":8192},\"hard\":{\"records\":8388608,\"octets\":0,"
                        + "\"failed_openings\":16384}},\"fresh\":{},\"reqid\":0},\"pair_id\":3,\"pair_name\":\"p\","
                        + "\"partner_sa_id\":8,\"supersedes\":0,\"unconfirmed\":false,\"response_only\":false,"
                        + "\"suspended\":true,\"scope\":[\"coap://device-1\"],\"usage\":{\"records\":3,\"octets\":300,"
                        + "\"failed_openings\":1,\"next_sequence\":12,\"discarded\":{\"REPLAY\":2,\"BAD_TAG\":1},"
                        + "\"first_used\":\"2026-11-24T00:00:01Z\",\"last_used\":\"2026-11-24T00:00:02Z\"},"
                        + "\"added\":\"2026-11-24T00:00:00Z\",\"expires\":\"2026-11-24T02:00:00Z\","
                        + "\"owner\":\"uid:1000\",\"acquire_sequence\":0}\n");
    }

    @Test
    void getShowsOneFactALine() {
        putTwo();

        assertThat(run("sa get --in 3f1a07c2").out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "id 7",
                        "spi 3f1a07c2",
                        "identity manual:coap://device-1",
                        "pair 3 p",
                        "partner 8",
                        "window 128",
                        "flags SUSPENDED");
        assertThat(run("sa get --out 01 --peer coap://device-1").out()).startsWith("id ");
    }

    @Test
    void deleteNamesWhatEnded() {
        putTwo();

        assertThat(run("sa delete --in 3f1a07c2").out()).isEqualTo("deleted  7\n");
        assertThat(run("sa delete 8 -o json").out()).isEqualTo("{\"sa_ids\":[8]}\n");
        Run gone = run("sa delete 8");
        assertThat(gone.err()).isEqualTo("samctl: no SA of that name (NO_SUCH_SA)\n");
        assertThat(gone.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "sa get ~ name one SA: ID, --in SPI, or --out SPI --peer URI",
                "sa get 7 --in 01 ~ name one SA: ID, --in SPI, or --out SPI --peer URI",
                "sa delete --out 01 ~ --out needs --peer: SPIs of outbound SAs are chosen by peers",
                "sa get 7 --peer coap://a ~ --peer goes with --out SPI only",
                "sa get seven ~ ID: 'seven' is no SA number",
                "sa get 0 ~ ID: '0' is no SA number",
                "sa get --in 0x1 ~ --in: '0x1' is not an even number of hexadecimal digits",
                "sa ~ sa needs a command: getspi, add, update, get, delete, list, count or flush",
                "'' ~ a command is missing; samctl --help lists them",
                "undo ~ Unmatched argument at index 0: 'undo'",
                "sa undo ~ Unmatched argument at index 1: 'undo'",
                "sa flush all ~ Unmatched argument at index 2: 'all'",
                "-o yaml whoami ~ Invalid value for option '--output': expected one of [TABLE, JSON, JSONL] (case-insensitive) but was 'yaml'"
            })
    void ambiguousOrUnknownWordsAreBadUsage(String commandLine, String message) {
        Run run = run(commandLine);

        assertThat(run.err()).isEqualTo("samctl: " + message + "\n");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void getSpiReservesFourOctetsOrWhatIsAskedFor() {
        assertThat(run("sa getspi --peer coap://device-1 --local coap://gateway")
                        .out())
                .isEqualTo("id   1\nspi  01020304\n");
        assertThat(run("sa allocspi --peer coap://device-1 --min 10 --max 1f -o json")
                        .out())
                .isEqualTo("{\"sa_id\":2,\"spi\":\"10\"}\n");
        run("sa getspi --peer coap://device-1 --min 2b");

        assertThat(sadb.reserved().get(0).getLocal()).isEqualTo("coap://gateway");
        assertThat(sadb.reserved().get(0).hasRange()).isFalse();
        assertThat(sadb.reserved().get(1).getRange().getMax()).isEqualTo(ByteString.fromHex("1f"));
        assertThat(sadb.reserved().get(2).getRange().getMax()).isEqualTo(ByteString.fromHex("2b"));
        assertThat(run("sa getspi --peer coap://device-1 --max 1f").err())
                .isEqualTo("samctl: --max goes with --min only\n");
    }

    @Test
    void updateGivesAnotherLifetimeAndShowsTheSa() {
        putTwo();

        Run run = run("sa update --in 3f1a07c2 --soft-time 1h --hard-time 2h");

        assertThat(run.out()).startsWith("id               7\n");
        assertThat(run.code()).isZero();
        assertThat(sadb.updated().get(0).getLifetime().getHard().getAddTime().getSeconds())
                .isEqualTo(7_200);
        assertThat(sadb.updated().get(0).getLifetime().getHard().getRecords()).isZero();
        assertThat(sadb.updated().get(0).hasKeys()).isFalse();
    }

    @Test
    void updateOfALimitToNoneIsAChange() {
        putTwo();

        assertThat(run("sa update 7 --soft-records 0").code()).isZero();
        assertThat(sadb.updated()).hasSize(1);
    }

    @Test
    void updateWithKeysCompletesWhatWasReserved() {
        sadb.put(FakeSadb.entry(
                        9,
                        dev.samd.v1.SaParameters.newBuilder()
                                .setDirection(Direction.DIRECTION_INBOUND)
                                .setSpi(ByteString.fromHex("0102"))
                                .setPeer("coap://device-1")
                                .setLocal("coap://gateway")
                                .build())
                .toBuilder()
                .setState(dev.samd.v1.SaState.SA_STATE_LARVAL)
                .build());

        Run run = run("sa update 9 --suite c0a8 --key " + KEY + " --iv " + IV
                + " --epoch 1 --fresh --pair p --hard-time 1h -o json");

        assertThat(run.err()).isEqualTo(WARNING);
        assertThat(run.out()).startsWith("{\"sa_id\":9,").doesNotContain(KEY);
        SaParameters sent = SaWire.fromWire(sadb.updated().get(0).getParameters());
        assertThat(sent.spi()).hasToString("0102");
        assertThat(sent.local().uri()).isEqualTo("coap://gateway");
        assertThat(sent.lifetime().hard().addTime()).isEqualTo(Duration.ofHours(1));
        assertThat(sadb.updated().get(0).getKeys().getKey()).isEqualTo(ByteString.fromHex(KEY));
        assertThat(sadb.updated().get(0).getPairName()).isEqualTo("p");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "sa update 7 ~ say what is to change: limits of the lifetime, or --suite, --key, --iv and --epoch",
                "sa update 7 --key 00 ~ Missing required options: '--suite=NAME|HEX', '--iv=HEX|@FILE|-', '--epoch=N'",
                "sa update --soft-time 1h ~ name one SA: ID, --in SPI, or --out SPI --peer URI"
            })
    void updateThatSaysNothingIsBadUsage(String commandLine, String message) {
        putTwo();

        Run run = run(commandLine);

        assertThat(run.err()).isEqualTo("samctl: " + message + "\n");
        assertThat(run.code()).isEqualTo(2);
        assertThat(sadb.updated()).isEmpty();
    }

    @Test
    void countIsByState() {
        putTwo();

        assertThat(run("sa count").out()).isEqualTo("SAs     2\nMATURE  1\nDYING   1\n");
        assertThat(run("sa count --state dying -o json").out()).isEqualTo("{\"count\":1,\"states\":{\"DYING\":1}}\n");
        assertThat(run("sa count --local coap://nowhere").out()).isEqualTo("SAs  0\n");
    }

    @Test
    void deletePairEndsBoth() {
        putTwo();

        assertThat(run("sa delete 7 --pair").out()).isEqualTo("deleted  7 8\n");
        assertThat(run("sa count").out()).isEqualTo("SAs  0\n");
    }

    @Test
    void flushEndsWhatFits() {
        putTwo();

        assertThat(run("sa flush --direction out --peer coap://device-1").out()).isEqualTo("flushed  1\n");
        assertThat(run("sa flush --state mature").out()).isEqualTo("flushed  0\n");
        assertThat(run("sa flush --local coap://gateway").out()).isEqualTo("flushed  1\n");
    }

    @Test
    void rightsRoleAndFlagsAreShown() {
        sadb.put(FakeSadb.entry(
                        9,
                        dev.samd.v1.SaParameters.newBuilder()
                                .setDirection(Direction.DIRECTION_INBOUND)
                                .setSpi(ByteString.fromHex("0102"))
                                .setPeer("coap://client-1")
                                .setSuite(0xc0a8)
                                .setEpoch(1)
                                .setFresh(Fresh.getDefaultInstance())
                                .setRights(Rights.newBuilder()
                                        .setIssuer("coaps://as.example")
                                        .setSubject("client 1")
                                        .setScope("r_temp")
                                        .setCredential(ByteString.fromHex("c1d2"))
                                        .setExpires(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED)))
                                .setReqid(-1)
                                .build())
                .toBuilder()
                .setRole(PairRole.PAIR_ROLE_RESPONDER)
                .setUnconfirmed(true)
                .setResponseOnly(true)
                .setAcquireSequence(-2)
                .build());

        assertThat(run("sa list").out().lines().toList().get(1).replaceAll(" +", " "))
                .endsWith("uid:1000 UNCONFIRMED RESPONSE_ONLY \"client 1\"@coaps://as.example:\"r_temp\" -");
        assertThat(run("sa get 9").out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "flags UNCONFIRMED RESPONSE_ONLY",
                        "rights \"client 1\"@coaps://as.example:\"r_temp\"",
                        "role RESPONDER",
                        "reqid 4294967295",
                        "acquire 4294967294",
                        "scope coap://client-1");
        assertThat(run("sa get 9 -o json").out())
                .contains("\"rights\":{\"issuer\":\"coaps://as.example\",\"subject\":\"client 1\",\"scope\":\"r_temp\","
                        + "\"credential\":\"c1d2\",\"expires\":\"2026-11-24T00:00:00Z\"},\"reqid\":4294967295}")
                .contains("\"role\":\"RESPONDER\",\"acquire_sequence\":4294967294}");
    }

    @Test
    void flushSaysHowMany() {
        putTwo();

        assertThat(run("sa flush").out()).isEqualTo("flushed  2\n");
        assertThat(run("-o jsonl sa flush").out()).isEqualTo("{\"count\":0}\n");
    }

    @Test
    void whoamiAndInfoSayWhoAndWhat() {
        assertThat(run("whoami").out())
                .isEqualTo(
                        """
                        principal     uid:1000
                        uid           1000
                        gid           100
                        groups        27, 4294967294
                        pid           77
                        transport     unix
                        socket        any
                        roles         app, kmp
                        rule sensors  app, kmp; protect at coap://device-*, host; as KMP ace
                        quota         200000 calls/s, 8192 calls in flight, 100 SAs, 10 larval, 5 pending acquires, 7 denials/s
                        """);
        assertThat(run("whoami -o json").out())
                .isEqualTo("{\"principal\":\"uid:1000\",\"uid\":1000,\"gid\":100,\"pid\":77,\"transport\":\"unix\","
                        + "\"roles\":[\"app\",\"kmp\"],\"grants\":[{\"rule\":\"sensors\",\"roles\":[\"app\",\"kmp\"],"
                        + "\"endpoints\":[\"coap://device-*\",\"host\"],\"protect\":true,\"unprotect\":false,"
                        + "\"kmps\":[\"ace\"]}],\"quota\":{\"calls_per_second\":200000,\"calls_in_flight\":8192,"
                        + "\"sas\":100,\"larval_sas\":10,\"pending_acquires\":5,\"watchers\":0,\"denials_per_second\":7},\"socket\":\"any\","
                        + "\"groups\":[27,4294967294]}\n");
        assertThat(run("info").out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("instance 5f3c", "up 1h0m", "denied 3", "over quota 2", "failed authentications 1");
        assertThat(run("info -o json").out())
                .isEqualTo("{\"version\":\"0.1.0\",\"instance\":\"5f3c\",\"cursor\":{\"incarnation\":2748,"
                        + "\"revision\":17},\"started\":\"2026-11-24T00:00:00Z\",\"store\":\"memory\",\"sa_count\":2,"
                        + "\"suites\":[{\"code\":49320,\"name\":\"TLS_PSK_WITH_AES_128_CCM_8\","
                        + "\"aead\":\"AES_128_CCM_8\"}],\"pid\":4242,\"access\":{\"denied\":3,\"over_quota\":2,"
                        + "\"failed_authentications\":1}}\n");
    }

    @Test
    void helpListsEveryCommand() {
        assertThat(run("--help").out())
                .contains("\n  sa ")
                .contains("\n  monitor ")
                .contains("\n  whoami ")
                .contains("\n  info ")
                .contains("\n  protect ")
                .contains("\n  unprotect ")
                .contains("\n  seal ")
                .contains("\n  open ")
                .contains("\n  policy ")
                .contains("\n  explain ");
        assertThat(run("sa --help").out())
                .contains("\n  add ")
                .contains("\n  get ")
                .contains("\n  delete ")
                .contains("\n  list ")
                .contains("\n  flush ")
                .contains("\n  getspi, allocspi ")
                .contains("\n  update ")
                .contains("\n  count ");
    }

    @Test
    void helpIsNoError() {
        Run run = run("sa add --help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("--next-seq");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void noFlagPrintsAKey() {
        String add = ADD + "--key " + KEY + " --iv " + IV;
        for (String form : new String[] {"", " -o json", " -o jsonl"}) {
            Run added = run(add + form);
            Run listed = run("sa list" + form);
            Run shown = run("sa get 1" + form);

            for (Run run : new Run[] {added, listed, shown}) {
                assertThat(run.out() + run.err()).doesNotContain(KEY).doesNotContain(IV);
            }
        }
    }

    private Run run(String commandLine) {
        return Run.of(directory.resolve("s"), commandLine);
    }

    private SaParameters sent() {
        return SaWire.fromWire(sadb.added().get(0).getParameters());
    }

    private void putTwo() {
        dev.samd.v1.SaParameters.Builder inbound = dev.samd.v1.SaParameters.newBuilder()
                .setDirection(Direction.DIRECTION_INBOUND)
                .setSpi(ByteString.fromHex("3f1a07c2"))
                .setPeer("coap://device-1")
                .setLocal("coap://gateway")
                .setSuite(0xc0a8)
                .setEpoch(1)
                .setFresh(Fresh.getDefaultInstance());
        SaEntry first = FakeSadb.entry(7, inbound.build()).toBuilder()
                .setState(dev.samd.v1.SaState.SA_STATE_DYING)
                .setPairId(3)
                .setPairName("p")
                .setPartnerSaId(8)
                .setSuspended(true)
                .setUsage(Usage.newBuilder()
                        .setRecords(3)
                        .setOctets(300)
                        .setFailedOpenings(1)
                        .setNextSequence(12)
                        .putDiscarded("REPLAY", 2)
                        .putDiscarded("BAD_TAG", 1)
                        .setFirstUsed(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED + 1))
                        .setLastUsed(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED + 2)))
                .setExpires(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED + 7_200))
                .build();
        sadb.put(first);
        sadb.put(FakeSadb.entry(
                8,
                inbound.clone()
                        .setDirection(Direction.DIRECTION_OUTBOUND)
                        .setSpi(ByteString.fromHex("01"))
                        .setLocal("")
                        .setResumeSending(ResumeSending.getDefaultInstance())
                        .build()));
    }
}
