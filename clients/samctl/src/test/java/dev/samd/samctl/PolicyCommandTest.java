// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.client.FakeDaemon;
import dev.samd.client.FakePolicies;
import dev.samd.v1.IdentityType;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
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
class PolicyCommandTest {
    private static final String EVERYTHING =
            """
            # a comment
            - name: sensors
              direction: out
              local: coap://gateway
              peer: "coap://sensor-*"
              methods: [get, PUT]
              path: /a/*/c
              action: protect
              kmp: [ace, manual]
              identities:
                - {kmp: ace, type: token, issuer: "coaps://as.example", value: "{host}"}
                - maintenance-*
              suites: [AES_128_CCM, 0xc0a8]
              content: message
              form: draft
              lifetime:
                soft: {add_time: 50m, records: 1_000}
                hard: {add_time: 1h, use_time: 90, records: 2000, octets: 3000, failed_openings: 40}
              window: 256
              reqid: 4294967295
            """;

    @TempDir
    Path directory;

    private final FakePolicies policies = new FakePolicies();
    private FakeDaemon daemon;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), policies);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void addTakesItsDefaultsFromWhatIsNotSaid() {
        Run run = run("policy add rest");

        assertThat(run.out()).isEqualTo("added  rest\n");
        assertThat(run.code()).isZero();
        Policy sent = policies.policies().get(0);
        assertThat(sent.getAction()).isEqualTo(PolicyAction.POLICY_ACTION_PROTECT);
        assertThat(sent.getSelector().getDirectionValue()).isZero();
        assertThat(sent.getSelector().getPeer()).isEmpty();
        assertThat(sent.getKmpsList()).isEmpty();
        assertThat(sent.getSuitesList()).isEmpty();
        assertThat(sent.getWindow()).isEqualTo(128);
    }

    @Test
    void addCarriesEveryOption() {
        Run run =
                run("policy add sensors --action protect --direction out --local coap://gateway --peer coap://sensor-*"
                        + " --method get,PUT --method post --path /a/*/c --kmp ace,manual"
                        + " --identity kmp=ace,type=token,issuer=coaps://as.example,value={host} --identity maintenance-*"
                        + " --suite AES_128_CCM,c0a8 --form draft --soft-time 50m --hard-time 1h --hard-use-time 90"
                        + " --soft-records 1000 --window 256 --reqid 4294967295 -o json");

        assertThat(run.out()).isEqualTo("{\"names\":[\"sensors\"]}\n");
        Policy sent = policies.policies().get(0);
        assertThat(sent.getSelector().getDirection()).isEqualTo(PolicyDirection.POLICY_DIRECTION_OUTBOUND);
        assertThat(sent.getSelector().getLocal()).isEqualTo("coap://gateway");
        assertThat(sent.getSelector().getPeer()).isEqualTo("coap://sensor-*");
        assertThat(sent.getSelector().getMethodsList()).containsExactly("GET", "PUT", "POST");
        assertThat(sent.getSelector().getPath()).isEqualTo("/a/*/c");
        assertThat(sent.getKmpsList()).containsExactly("ace", "manual");
        assertThat(sent.getIdentities(0).getKmp()).isEqualTo("ace");
        assertThat(sent.getIdentities(0).getType()).isEqualTo(IdentityType.IDENTITY_TYPE_TOKEN);
        assertThat(sent.getIdentities(0).getIssuer()).isEqualTo("coaps://as.example");
        assertThat(sent.getIdentities(0).getValue()).isEqualTo("{host}");
        assertThat(sent.getIdentities(1).getValue()).isEqualTo("maintenance-*");
        assertThat(sent.getSuitesList()).containsExactly(0xc0a4, 0xc0a8);
        assertThat(sent.getForm()).isEqualTo(dev.samd.v1.Form.FORM_DRAFT_EXACT);
        assertThat(sent.getLifetime().getSoft().getAddTime().getSeconds()).isEqualTo(3_000);
        assertThat(sent.getLifetime().getHard().getUseTime().getSeconds()).isEqualTo(90);
        assertThat(sent.getLifetime().getSoft().getRecords()).isEqualTo(1_000);
        assertThat(sent.getWindow()).isEqualTo(256);
        assertThat(sent.getReqid()).isEqualTo(-1);
    }

    @Test
    void beforeIsAPlaceInTheList() {
        run("policy add b --action bypass");
        run("policy add a --action discard --before b");

        assertThat(policies.policies()).extracting(Policy::getName).containsExactly("a", "b");
    }

    @Test
    void fileSaysTheSameAsOptions() throws IOException {
        Path file = Files.writeString(directory.resolve("policies.yaml"), EVERYTHING);

        Run run = run("policy add --file " + file);

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("added  sensors\n");
        Policy fromFile = policies.policies().get(0);
        run("policy flush");
        run(
                "policy add sensors --direction out --local coap://gateway --peer coap://sensor-* --method get,PUT --path /a/*/c"
                        + " --kmp ace,manual --identity kmp=ace,type=token,issuer=coaps://as.example,value={host}"
                        + " --identity maintenance-* --suite AES_128_CCM,c0a8 --form draft --soft-time 50m --hard-time 1h"
                        + " --hard-use-time 90 --soft-records 1000 --hard-records 2000 --hard-octets 3000 --window 256"
                        + " --reqid 4294967295");
        Policy fromOptions = policies.policies().get(0);
        assertThat(fromFile.getLifetime().getHard().getFailedOpenings()).isEqualTo(40);
        assertThat(withoutFailedOpenings(fromFile)).isEqualTo(fromOptions);
    }

    @Test
    void listAsJsonIsAFileThatAddTakes() throws IOException {
        run("policy add --file " + Files.writeString(directory.resolve("p.yaml"), EVERYTHING));
        run("policy add core --action bypass --direction in --path /.well-known/core");
        run("policy add payloads --content payload --peer coap://x");
        Run listed = run("policy list -o json");
        Policy[] before = policies.policies().toArray(new Policy[0]);
        run("policy flush");

        Run added = Run.of(directory.resolve("s"), listed.output().toArray(), "policy", "add", "--file", "-");

        assertThat(added.err()).isEmpty();
        assertThat(added.out()).isEqualTo("added  sensors core payloads\n");
        assertThat(policies.policies()).containsExactly(before);
    }

    @Test
    void jsonHasTheWordsOfTheConfiguration() throws IOException {
        run("policy add --file " + Files.writeString(directory.resolve("p.yaml"), EVERYTHING));

        assertThat(run("policy get sensors -o json").out())
                .isEqualTo("{\"name\":\"sensors\",\"direction\":\"outbound\",\"local\":\"coap://gateway\","
                        + "\"peer\":\"coap://sensor-*\",\"methods\":[\"GET\",\"PUT\"],\"path\":\"/a/*/c\","
                        + "\"action\":\"protect\",\"kmp\":[\"ace\",\"manual\"],\"identities\":[{\"kmp\":\"ace\","
                        + "\"type\":\"token\",\"issuer\":\"coaps://as.example\",\"value\":\"{host}\"},"
                        + "{\"value\":\"maintenance-*\"}],\"suites\":[\"TLS_PSK_WITH_AES_128_CCM\","
                        + "\"TLS_PSK_WITH_AES_128_CCM_8\"],\"form\":\"draft_exact\",\"lifetime\":{\"soft\":"
                        + "{\"add_time\":\"3000s\",\"records\":1000},\"hard\":{\"add_time\":\"3600s\","
                        + "\"use_time\":\"90s\",\"records\":2000,\"octets\":3000,\"failed_openings\":40}},"
                        + "\"window\":256,\"reqid\":4294967295}\n");
    }

    @Test
    void freshnessIsSaidShownAndReadBack() {
        run("policy add led --direction in --path /led --fresh 90s");

        assertThat(policies.policies().get(0).getFresh().getSeconds()).isEqualTo(90);
        assertThat(run("policy get led").out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("fresh 1m30s");
        Run json = run("policy get led -o json");
        assertThat(json.out())
                .isEqualTo("{\"name\":\"led\",\"direction\":\"inbound\",\"path\":\"/led\",\"action\":\"protect\","
                        + "\"fresh\":\"90s\"}\n");
        run("policy flush");
        Run.of(directory.resolve("s"), json.output().toArray(), "policy", "add", "--file", "-");
        assertThat(policies.policies().get(0).getFresh().getSeconds()).isEqualTo(90);
        assertThat(run("policy add a --fresh soon").err())
                .isEqualTo(
                        "samctl: Invalid value for option '--fresh': 'soon' is no duration: 90s, 15m, 2h, 7d, seconds,"
                                + " or ISO-8601\n");
    }

    @Test
    void wholeConfigurationOfADaemonIsAFileToo() throws IOException {
        Path file = Files.writeString(
                directory.resolve("samd.yaml"),
                "socket: /run/samd/app.sock\npolicies:\n- {name: a, action: discard}\n- {name: b, action: bypass}\n");

        run("policy add --file " + file);

        assertThat(policies.policies()).extracting(Policy::getName).containsExactly("a", "b");
    }

    @Test
    void peopleSeeTheOrderAndWhatItMeans() throws IOException {
        run("policy add core --action bypass --direction in --method get --path /.well-known/core");
        run("policy add --file " + Files.writeString(directory.resolve("p.yaml"), EVERYTHING));
        run("policy add rest --action discard");

        Run run = run("policy list");

        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "NAME ACTION DIRECTION PEER LOCAL METHODS PATH KMP FRESH IDENTITIES",
                        "core bypass in * * GET /.well-known/core - - -",
                        "sensors protect out coap://sensor-* coap://gateway GET,PUT /a/*/c ace,manual -"
                                + " kmp=ace,type=token,issuer=coaps://as.example,value={host} value=maintenance-*",
                        "rest discard * * * * * - - -");
        assertThat(run("policy get sensors").out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "name sensors",
                        "direction out",
                        "suites TLS_PSK_WITH_AES_128_CCM TLS_PSK_WITH_AES_128_CCM_8",
                        "form draft_exact",
                        "soft limits time=50m0s records=1000",
                        "hard limits time=1h0m use time=1m30s records=2000 octets=3000 failed openings=40",
                        "window 256",
                        "reqid 4294967295");
    }

    @Test
    void emptyListIsAnEmptyArray() {
        assertThat(run("policy list -o json").out()).isEqualTo("[]\n");
    }

    @Test
    void updateReplacesInPlace() {
        run("policy add a --action bypass");
        run("policy add b --action bypass");

        assertThat(run("policy update a --action discard").out()).isEqualTo("updated  a\n");

        assertThat(policies.policies().get(0).getAction()).isEqualTo(PolicyAction.POLICY_ACTION_DISCARD);
        assertThat(policies.policies()).extracting(Policy::getName).containsExactly("a", "b");
    }

    @Test
    void deleteAndFlushSayWhatWent() {
        run("policy add a");
        run("policy add b");
        run("policy add c");

        assertThat(run("policy delete b").out()).isEqualTo("deleted  b\n");
        assertThat(run("policy delete b").err()).isEqualTo("samctl: no policy of the name b (NO_SUCH_POLICY)\n");
        assertThat(run("policy delete c -o json").out()).isEqualTo("{\"names\":[\"c\"]}\n");
        assertThat(run("policy flush").out()).isEqualTo("flushed  1\n");
        assertThat(run("policy flush -o jsonl").out()).isEqualTo("{\"count\":0}\n");
    }

    @Test
    void refusalOfTheDaemonEndsWithOne() {
        run("policy add a");

        Run again = run("policy add a");

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).isEqualTo("samctl: policy a stands already (POLICY_EXISTS)\n");
        assertThat(run("policy add b --before z").err())
                .isEqualTo("samctl: no policy of the name z (NO_SUCH_POLICY)\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "policy ~ policy needs a command: add, update, get, delete, list or flush",
                "policy add ~ name the policy: NAME, or --file FILE|-",
                "policy add a --file b ~ name one policy NAME, or --file FILE|-, not both",
                "policy add --file /nowhere ~ --file: /nowhere does not exist",
                "policy add --file / ~ --file: / cannot be read",
                "policy add --file - ~ --file: standard input is empty",
                "policy add a --action allow ~ Invalid value for option '--action': expected one of [PROTECT, BYPASS, DISCARD] (case-insensitive) but was 'allow'",
                "policy add a --identity type=king ~ --identity: 'king' is no type; expected one of [manual, psk, raw_public_key, certificate, token, principal, device]",
                "policy add a --content payload --form samd ~ --form goes with --content message only",
                "policy add a --reqid 4294967296 ~ --reqid: 4294967296 is not in 0..4294967295",
                "policy get ~ Missing required parameter: 'NAME'"
            })
    void whatCannotBeIsBadUsage(String commandLine, String message) {
        Run run = run(commandLine);

        assertThat(run.err()).isEqualTo("samctl: " + message + "\n");
        assertThat(run.code()).isEqualTo(2);
        assertThat(policies.policies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'- {name: a}' ~ line 1: a policy without an action",
                "'- {action: bypass}' ~ line 1: a policy without a name",
                "'name: a\\naction: allow' ~ line 2: 'allow' is unknown; expected one of [protect, bypass, discard]",
                "'name: a\\naction: bypass\\npeers: x' ~ line 3: unknown key \"peers\"; known are [action, content, direction, form, fresh, identities, kmp, lifetime, local, methods, name, path, peer, reqid, suites, window]",
                "'name: a\\naction: bypass\\nname: b' ~ line 3: key \"name\" stands twice",
                "'name: a\\naction: bypass\\ndirection: up' ~ line 3: 'up' is no direction; in, out or both expected",
                "'name: a\\naction: bypass\\nlocal: here' ~ line 3: endpoint \"here\" is not scheme://host[:port] with a CoAP scheme",
                "'name: a\\naction: bypass\\nwindow: wide' ~ line 3: 'wide' is no number in 0..4294967295",
                "'name: a\\naction: bypass\\nreqid: -1' ~ line 3: '-1' is no number in 0..4294967295",
                "'name: a\\naction: bypass\\nlifetime:\\n  soft: {add_time: soon}' ~ line 4: 'soon' is no duration: 90s, 15m, 2h, 7d, seconds, or ISO-8601",
                "'name: a\\naction: bypass\\nlifetime: {middle: {}}' ~ line 3: unknown key \"middle\"; known are [hard, soft]",
                "'name: a\\naction: bypass\\npath: [x, y]' ~ line 3: one value expected",
                "'- a' ~ line 1: keys with values expected: [action, content, direction, form, fresh, identities, kmp, lifetime, local, methods, name, path, peer, reqid, suites, window]",
                "'[]' ~ line 1: no policy"
            })
    void fileIsRefusedWithTheLine(String yaml, String message) {
        Run run = Run.of(
                directory.resolve("s"),
                yaml.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8),
                "policy",
                "add",
                "--file",
                "-");

        assertThat(run.err()).isEqualTo("samctl: --file: standard input " + message + "\n");
        assertThat(run.code()).isEqualTo(2);
        assertThat(policies.policies()).isEmpty();
    }

    @Test
    void fileThatIsNoYamlIsRefusedOnOneLine() {
        Run run =
                Run.of(directory.resolve("s"), "a: [".getBytes(StandardCharsets.UTF_8), "policy", "add", "--file", "-");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("samctl: --file: standard input is not YAML: ")
                .hasLineCount(1);
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(run("policy --help").out())
                .contains("\n  add ")
                .contains("\n  update ")
                .contains("\n  delete ")
                .contains("\n  get ")
                .contains("\n  list ")
                .contains("\n  flush ");
    }

    private static Policy withoutFailedOpenings(Policy policy) {
        Policy.Builder changed = policy.toBuilder();
        changed.getLifetimeBuilder().getHardBuilder().setFailedOpenings(0);
        return changed.build();
    }

    private Run run(String commandLine) {
        return Run.of(directory.resolve("s"), commandLine);
    }
}
