// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.security.auth.module.UnixSystem;
import dev.samd.v1.AdminServiceExplainAccessRequest;
import dev.samd.v1.AdminServiceExplainAccessRequest.Process;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Supplementary groups of real processes of other users, as the kernel of the host tells them. */
@Timeout(120)
class PeerGroupsProcessTest {
    private static final int UID = 70_001;
    private static final long HIGH = 4_000_000_000L;

    @TempDir
    Path directory;

    private DaemonFixture f;

    @BeforeEach
    void start() throws Exception {
        f = new DaemonFixture(DaemonFixture.config(
                directory,
                """
                access:
                  rules:
                    - {name: everything, uid: %d, roles: [kmp, app, operator, auditor], endpoints: "*", kmps: "*"}
                    - {name: readers, gid: [60, %d], roles: auditor}
                    - {name: root group, gid: 0, roles: operator}
                """
                        .formatted(new UnixSystem().getUid(), HIGH)));
    }

    @AfterEach
    void stop() {
        f.close();
    }

    private AdminServiceWhoAmIResponse whoAmI(int uid, List<Long> groups) throws Exception {
        assumeThat(OtherUser.isPossible())
                .as("only root can start a process under another user")
                .isTrue();
        try (OtherUser user = OtherUser.connect(directory, f.socket, uid, UID, groups)) {
            return AdminServiceGrpc.newBlockingStub(user.channel.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance());
        }
    }

    @Test
    void aSupplementaryGroupCountsForRules() throws Exception {
        AdminServiceWhoAmIResponse member = whoAmI(UID, List.of(17L, HIGH));

        assertThat(member.getGid()).isEqualTo(UID);
        assertThat(member.getGroupsList().stream().map(Integer::toUnsignedLong)).containsExactly(17L, HIGH);
        assertThat(member.getRolesList()).containsExactly("auditor");
    }

    @Test
    void whoeverIsInNoOtherGroupHasNone() throws Exception {
        AdminServiceWhoAmIResponse alone = whoAmI(UID + 1, List.of());

        assertThat(alone.getGroupsList()).isEmpty();
        assertThat(alone.getRolesList()).isEmpty();
    }

    @Test
    void groupZeroCountsAsPrimaryGroupAlone() throws Exception {
        AdminServiceWhoAmIResponse member = whoAmI(UID + 2, List.of(0L, 60L));

        assertThat(member.getGroupsList()).containsExactly(60);
        assertThat(member.getRolesList()).containsExactly("auditor");
    }

    @Test
    void moreGroupsThanAreReadGiveNothing() throws Exception {
        List<Long> most = LongStream.rangeClosed(60, 60 + 1023).boxed().toList();
        List<Long> tooMany = LongStream.rangeClosed(60, 60 + 1024).boxed().toList();

        assertThat(whoAmI(UID + 3, most).getGroupsList()).hasSize(1024);
        assertThat(whoAmI(UID + 4, tooMany).getGroupsList()).isEmpty();
    }

    @Test
    void explanationsKnowGroupsToo() {
        AdminServiceExplainAccessRequest.Builder question =
                AdminServiceExplainAccessRequest.newBuilder().setVerb("SadbService/Dump");
        Process.Builder process = Process.newBuilder().setUid(UID).setGid(UID);

        assertThat(f.admin().explainAccess(question.setProcess(process).build()).getAllowed())
                .isFalse();
        assertThat(f.admin()
                        .explainAccess(
                                question.setProcess(process.addGroups(60)).build())
                        .getRule())
                .isEqualTo("readers");
    }
}
