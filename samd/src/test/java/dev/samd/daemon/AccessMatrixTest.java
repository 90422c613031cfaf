// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.security.auth.module.UnixSystem;
import dev.samd.daemon.AccessParty.Owner;
import dev.samd.daemon.access.Role;
import dev.samd.v1.Usage;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role, every call, every owner: over the socket with processes of other users, and over TLS with certificates.
 *
 * <p>What is expected stands in one table, written by hand and not from the daemon's. The calls come from the daemon itself:
 * one that is not in the table fails.
 */
class AccessMatrixTest {
    /**
     * By role: {@code -} denied, whatever it is about; {@code yes} allowed, whatever it is about; {@code own} one's own SAs,
     * and all others look as if they did not exist; {@code all} everybody's.
     */
    private static final String EXPECTED =
            """
            call                          kmp  app  operator auditor nobody
            AdminService/Info             yes  yes  yes      yes     -
            AdminService/WhoAmI           yes  yes  yes      yes     yes
            AdminService/Explain          -    own  all      all     -
            AdminService/ExplainAccess    -    -    all      all     -
            AdminService/Backup           -    -    yes      -       -
            AdminService/RotateKey        -    -    yes      -       -
            SadbService/GetSpi            yes  -    -        -       -
            SadbService/Add               yes  -    -        -       -
            SadbService/Update            own  -    -        -       -
            SadbService/InstallPair       own  -    -        -       -
            SadbService/Delete            own  -    all      -       -
            SadbService/Get               own  own  all      all     -
            SadbService/Dump              own  own  all      all     -
            SadbService/Flush             -    -    yes      -       -
            WatchService/Watch            own  own  all      all     -
            PolicyService/Add             -    -    yes      -       -
            PolicyService/Update          -    -    yes      -       -
            PolicyService/Delete          -    -    yes      -       -
            PolicyService/Flush           -    -    yes      -       -
            PolicyService/Get             -    -    yes      yes     -
            PolicyService/List            -    -    yes      yes     -
            KmpService/Register           yes  -    -        -       -
            KmpService/FailAcquire        yes  -    -        -       -
            KmpService/Recall             own  -    -        -       -
            KmpService/Resolve            all  -    -        -       -
            RecordService/Protect         -    own  -        -       -
            RecordService/Unprotect       -    own  -        -       -
            RecordService/Seal            -    own  -        -       -
            RecordService/Open            -    own  -        -       -
            RecordService/Stream          -    own  -        -       -
            grpc.health.v1.Health/Check   yes  yes  yes      yes     yes
            grpc.health.v1.Health/Watch   yes  yes  yes      yes     yes
            grpc.reflection.v1.ServerReflection/ServerReflectionInfo yes yes yes yes -
            """;

    private static final List<String> ROLES = List.of("kmp", "app", "operator", "auditor", "nobody");
    private static final int FIRST_UID = 3001;

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private TestAuthority authority;
    private DaemonFixture f;

    @BeforeEach
    void start() throws Exception {
        authority = new TestAuthority(directory, "samd-test");
        TestAuthority.Issued server = authority.issue("server", TestAuthority.loopback());
        StringBuilder rules = new StringBuilder(
                """
                listen: {tcp: "127.0.0.1:0", certificate: %s, key: %s, client_ca: %s}
                access:
                  rules:
                    - {name: everything, uid: %d, roles: [kmp, app, operator, auditor], endpoints: "*", kmps: "*"}
                """
                        .formatted(
                                server.certificate(), server.key(), authority.certificate, new UnixSystem().getUid()));
        for (String role : ROLES.subList(0, 4)) {
            String more = role.equals("app")
                    ? ", endpoints: \"" + AccessParty.OWN_ENDPOINT + "\""
                    : role.equals("kmp") ? ", kmps: [manual, " + AccessParty.KMP + "]" : "";
            rules.append("    - {name: %s-uid, uid: %d, roles: %s%s}\n"
                    .formatted(role, FIRST_UID + ROLES.indexOf(role), role, more));
            rules.append("    - {name: %s-san, san: \"%s\", roles: %s%s}\n".formatted(role, san(role), role, more));
        }
        f = new DaemonFixture(DaemonFixture.config(directory, rules.toString()));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        f.close();
    }

    private static String san(String role) {
        return "spiffe://samd.test/" + role;
    }

    private static Map<String, Map<String, String>> table() {
        Map<String, Map<String, String>> table = new TreeMap<>();
        for (String line : EXPECTED.lines().skip(1).toList()) {
            List<String> words = List.of(line.trim().split(" +"));
            Map<String, String> byRole = new TreeMap<>();
            ROLES.forEach(role -> byRole.put(role, words.get(1 + ROLES.indexOf(role))));
            table.put(words.get(0), byRole);
        }
        return table;
    }

    @Test
    void everyCallThatIsServedHasItsRowAndItsProbe() throws Exception {
        assertThat(ServedCalls.of(f.channel.channel())).isEqualTo(table().keySet());
        assertThat(AccessProbes.ALL.keySet()).isEqualTo(table().keySet());
    }

    @TestFactory
    Stream<DynamicTest> overTheSocket() throws Exception {
        assumeThat(OtherUser.isPossible())
                .as("only root can start a process under another user")
                .isTrue();
        List<DynamicTest> tests = new ArrayList<>();
        for (String role : ROLES) {
            int uid = FIRST_UID + ROLES.indexOf(role);
            OtherUser user = OtherUser.connect(directory, f.socket, uid, uid);
            open.add(user);
            tests.addAll(row(role, user.channel.channel()));
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> overTls() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String role : ROLES) {
            TestAuthority.Issued own = authority.issue(role, TestAuthority.uri(san(role)));
            TlsChannel client = new TlsChannel(f.daemon.tlsPort(), authority.certificate, own);
            open.add(client);
            tests.addAll(row(role, client.channel()));
        }
        return tests.stream();
    }

    private List<DynamicTest> row(String role, Channel caller) {
        AccessParty party = new AccessParty(roleOf(role), caller, f.channel.channel());
        List<DynamicTest> tests = new ArrayList<>();
        table().forEach((call, byRole) -> {
            for (Owner owner : Owner.values()) {
                tests.add(DynamicTest.dynamicTest(
                        role + " " + call + " " + owner, () -> check(party, call, owner, byRole.get(role))));
            }
        });
        return tests;
    }

    private static @Nullable Role roleOf(String word) {
        return Stream.of(Role.values())
                .filter(role -> role.word().equals(word))
                .findFirst()
                .orElse(null);
    }

    private static void check(AccessParty party, String call, Owner owner, String expected) throws Exception {
        boolean raw = call.equals("RecordService/Seal") || call.equals("RecordService/Open");
        AccessTarget target = party.target(owner, raw);
        List<Usage> wear = owner == Owner.NOBODYS ? List.of() : target.wear();

        Outcome outcome = make(party, call, target);

        assertThat(outcome.kind()).as(outcome.octets()).isEqualTo(expected(expected, owner));
        boolean foreign = owner == Owner.OTHERS && (expected.equals("own") || expected.equals("-"));
        if (!foreign) {
            return;
        }
        if (party.isThere(target)) {
            assertThat(target.wear()).as("a foreign caller wears nothing").isEqualTo(wear);
            target.delete();
        }
        assertThat(make(party, call, target))
                .as("what is not the caller's looks like what is not there, octet by octet")
                .isEqualTo(outcome);
    }

    private static Outcome.Kind expected(String cell, Owner owner) {
        return switch (cell) {
            case "-" -> Outcome.Kind.DENIED;
            case "yes" -> Outcome.Kind.DONE;
            case "own" -> owner == Owner.OWN ? Outcome.Kind.DONE : Outcome.Kind.ABSENT;
            case "all" -> owner == Owner.NOBODYS ? Outcome.Kind.ABSENT : Outcome.Kind.DONE;
            default -> throw new IllegalArgumentException(cell);
        };
    }

    private static Outcome make(AccessParty party, String call, AccessTarget target) throws Exception {
        try {
            return AccessProbes.ALL.get(call).make(party, target);
        } catch (StatusRuntimeException e) {
            return Outcome.of(e);
        }
    }
}
