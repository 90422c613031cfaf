// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import com.sun.security.auth.module.UnixSystem;
import dev.samd.daemon.store.MemoryStore;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.AdminServiceExplainAccessRequest;
import dev.samd.v1.AdminServiceExplainAccessResponse;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.v1.Direction;
import dev.samd.v1.Grant;
import dev.samd.v1.IdentityPattern;
import dev.samd.v1.KmpServiceGrpc;
import dev.samd.v1.KmpServiceRecallRequest;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceGrpc;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.WatchServiceGrpc;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.wire.ErrorWire;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What roles cannot say alone: doors, grants, names of KMPs and quotas. The limited caller comes with a certificate. */
class AccessSocketTest {
    private static final String SAN = "spiffe://samd.test/limited";
    private static final String OWN = "coap://own.test";

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(1);
    private DaemonFixture f;
    private TestAuthority authority;
    private TestAuthority.Issued own;
    private TlsChannel limited;

    @AfterEach
    void stop() {
        if (limited != null) {
            limited.close();
            f.close();
        }
    }

    /** Starts a daemon with one rule for the limited caller, and a monotonic clock that stands. */
    private Channel start(String rule) throws Exception {
        authority = new TestAuthority(directory, "samd-test");
        own = authority.issue("limited", TestAuthority.uri(SAN));
        TestAuthority.Issued server = authority.issue("server", TestAuthority.loopback());
        SamdConfig config = DaemonFixture.config(
                directory,
                """
                listen: {tcp: "127.0.0.1:0", certificate: %s, key: %s, client_ca: %s}
                access:
                  rules:
                    - {name: everything, uid: %d, roles: [kmp, app, operator, auditor], endpoints: "*", kmps: "*"}
                    - {name: limited, san: "%s", %s}
                """
                        .formatted(
                                server.certificate(),
                                server.key(),
                                authority.certificate,
                                new UnixSystem().getUid(),
                                SAN,
                                rule));
        Clocks clocks = new Clocks(nanos::get, Clock.systemUTC());
        f = new DaemonFixture(Daemon.start(config, clocks, new Random(1), new MemoryStore()));
        limited = anotherOfLimited();
        return limited.channel();
    }

    private static SaException refused(SaError error, Runnable call) {
        StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, call::run);
        SaException refusal = ErrorWire.fromStatus(e).orElseThrow(() -> e);
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(error);
        return refusal;
    }

    private static AdminServiceWhoAmIResponse whoAmI(Channel channel) {
        return AdminServiceGrpc.newBlockingStub(channel).whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance());
    }

    private long denials() {
        return f.admin()
                .info(AdminServiceInfoRequest.getDefaultInstance())
                .getAccess()
                .getDenied();
    }

    @Test
    void twoSocketsOfferWhatTheyAreFor() throws Exception {
        Path admin = directory.resolve("run/admin.sock");
        SamdConfig config = DaemonFixture.config(directory, "admin_socket: " + admin);
        try (DaemonFixture apps = new DaemonFixture(config);
                TestChannel operators = new TestChannel(admin)) {
            assertThat(whoAmI(apps.channel.channel()).getSocket()).isEqualTo("app");
            assertThat(whoAmI(operators.channel()).getSocket()).isEqualTo("admin");
            assertThat(refused(SaError.NOT_PERMITTED, () -> apps.policies()
                            .list(PolicyServiceListRequest.getDefaultInstance())))
                    .hasMessageContaining("use the one of administration");
            refused(SaError.NOT_PERMITTED, () -> apps.sadb().flush(SadbServiceFlushRequest.getDefaultInstance()));
            assertThat(refused(SaError.NOT_PERMITTED, () -> RecordServiceGrpc.newBlockingStub(operators.channel())
                            .protect(BothEnds.protect(Messages.GET, "", "coap://a", ByteString.EMPTY))))
                    .hasMessageContaining("use the one of programs");
            apps.add(Direction.DIRECTION_OUTBOUND, "aa01");
            assertThat(PolicyServiceGrpc.newBlockingStub(operators.channel())
                            .list(PolicyServiceListRequest.getDefaultInstance())
                            .getPoliciesList())
                    .isEmpty();
        }
        assertThat(Files.exists(admin)).as("its file goes with the daemon").isFalse();
    }

    @Test
    void whoAmISaysWhatTheRuleGives() throws Exception {
        Channel app = start("roles: [app, kmp], endpoints: [host, \"" + OWN + "\"], grant: protect, kmps: ace,"
                + " quota: {sas: 7}");

        AdminServiceWhoAmIResponse me = whoAmI(app);

        assertThat(me.getPrincipal()).isEqualTo(SAN);
        assertThat(me.getRolesList()).containsExactly("app", "kmp");
        assertThat(me.getGrantsList())
                .containsExactly(Grant.newBuilder()
                        .setRule("limited")
                        .addRoles("app")
                        .addRoles("kmp")
                        .addEndpoints("host")
                        .addEndpoints(OWN)
                        .setProtect(true)
                        .addKmps("ace")
                        .build());
        assertThat(me.getQuota().getSas()).isEqualTo(7);
        assertThat(me.getSocket()).isEqualTo("any");
    }

    @Test
    void whoMayOnlyProtectDoesNotUnprotectAndTheOtherWayRound() throws Exception {
        Channel app = start("roles: app, endpoints: \"" + OWN + "\", grant: protect");
        AccessTarget target = new AccessTarget(f.channel.channel(), f.channel.channel(), OWN, false);
        RecordServiceGrpc.RecordServiceBlockingStub records = RecordServiceGrpc.newBlockingStub(app);

        records.protect(BothEnds.protect(Messages.GET, OWN, target.peer, ByteString.EMPTY));
        assertThat(refused(
                        SaError.NOT_PERMITTED,
                        () -> records.unprotect(BothEnds.unprotect(target.record(), OWN, ByteString.EMPTY))))
                .hasMessage(SAN + " may not unprotect at local endpoint " + OWN + ": no rule gives it that");
        assertThat(denials()).isEqualTo(1);
    }

    @Test
    void aForeignEndpointIsRefusedWhateverIsThere() throws Exception {
        Channel app = start("roles: app, endpoints: \"" + OWN + "\"");
        AccessTarget target = new AccessTarget(f.channel.channel(), f.channel.channel(), "coap://other.test", false);
        RecordServiceGrpc.RecordServiceBlockingStub records = RecordServiceGrpc.newBlockingStub(app);

        refused(
                SaError.NOT_PERMITTED,
                () -> records.protect(
                        BothEnds.protect(Messages.GET, "coap://other.test", target.peer, ByteString.EMPTY)));
        assertThat(refused(
                        SaError.NOT_PERMITTED,
                        () -> records.protect(BothEnds.protect(Messages.GET, "", target.peer, ByteString.EMPTY))))
                .hasMessageContaining("say which local endpoint is meant");
    }

    @Test
    void aKmpHasTheNamesItWasGivenAndNoOthers() throws Exception {
        Channel kmp = start("roles: kmp, kmps: ace");

        try (KmpClient own = KmpClient.registering(kmp, "ace");
                KmpClient foreign = KmpClient.registering(kmp, "edhoc")) {
            own.requireRegistered();
            refused(SaError.NOT_PERMITTED, () -> {
                try {
                    foreign.requireRegistered();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        refused(SaError.NOT_PERMITTED, () -> KmpServiceGrpc.newBlockingStub(kmp)
                .recall(KmpServiceRecallRequest.newBuilder().setKmp("edhoc").build()));
        assertThat(refused(SaError.NOT_PERMITTED, () -> SadbServiceGrpc.newBlockingStub(kmp)
                        .add(SadbServiceAddRequest.newBuilder()
                                .setParameters(DaemonFixture.parameters(Direction.DIRECTION_OUTBOUND, "aa"))
                                .setKeys(DaemonFixture.keys(1))
                                .build())))
                .hasMessageContaining("may not be KMP \"manual\"");
    }

    @Test
    void whoReadsOnlyTriesNoTag() throws Exception {
        Channel auditor = start("roles: auditor");

        refused(SaError.NOT_PERMITTED, () -> AdminServiceGrpc.newBlockingStub(auditor)
                .explain(AdminServiceExplainRequest.newBuilder()
                        .setCaptured(
                                AdminServiceExplainRequest.Captured.newBuilder().setCoap(Messages.GET))
                        .build()));
    }

    @Test
    void theCallsOfOthersAreForThoseWhoSeeEverything() throws Exception {
        Channel app = start("roles: app, endpoints: \"*\"");

        refused(SaError.NOT_PERMITTED, () -> WatchServiceGrpc.newBlockingStub(app)
                .watch(WatchServiceWatchRequest.newBuilder()
                        .setPromiscuous(true)
                        .build())
                .next());
        assertThat(AdminServiceGrpc.newBlockingStub(app)
                        .info(AdminServiceInfoRequest.getDefaultInstance())
                        .hasAccess())
                .isFalse();
    }

    @Test
    void anExplanationNamesTheRule() throws Exception {
        start("roles: app, endpoints: \"" + OWN + "\", grant: protect");
        AccessTarget target = new AccessTarget(f.channel.channel(), f.channel.channel(), OWN, false);
        AdminServiceExplainAccessRequest.Builder question = AdminServiceExplainAccessRequest.newBuilder()
                .setSan(SAN)
                .setSaId(target.outbound)
                .setEndpoint(OWN);

        AdminServiceExplainAccessResponse yes =
                f.admin().explainAccess(question.setVerb("protect").build());
        AdminServiceExplainAccessResponse no =
                f.admin().explainAccess(question.setVerb("unprotect").build());
        AdminServiceExplainAccessResponse elsewhere = f.admin()
                .explainAccess(question.setVerb("protect").setSocket("admin").build());

        assertThat(yes.getAllowed()).isTrue();
        assertThat(yes.getRule()).isEqualTo("limited");
        assertThat(no.getAllowed()).isFalse();
        assertThat(no.getStepsList()).last().asString().contains("may not unprotect at local endpoint " + OWN);
        assertThat(elsewhere.getAllowed()).isFalse();
        refused(SaError.MALFORMED, () -> f.admin()
                .explainAccess(question.setVerb("add").build()));
        refused(SaError.NO_SUCH_SA, () -> f.admin()
                .explainAccess(
                        question.setVerb("protect").setSaId(1).setSocket("").build()));
    }

    @Test
    void whoeverIsDeniedAgainAndAgainWaits() throws Exception {
        Channel auditor = start("roles: auditor, quota: {denials_per_second: 2}");
        Runnable flush =
                () -> SadbServiceGrpc.newBlockingStub(auditor).flush(SadbServiceFlushRequest.getDefaultInstance());
        Runnable info =
                () -> AdminServiceGrpc.newBlockingStub(auditor).info(AdminServiceInfoRequest.getDefaultInstance());
        refused(SaError.NOT_PERMITTED, flush);
        info.run();
        refused(SaError.NOT_PERMITTED, flush);

        SaException over = refused(SaError.OVER_QUOTA, flush);

        assertThat(over.subject()).isEqualTo("denials_per_second");
        refused(SaError.OVER_QUOTA, info);
        assertThat(whoAmI(auditor).getPrincipal()).as("is for everybody").isEqualTo(SAN);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(over.retryAfterMillis()));
        info.run();
        refused(SaError.NOT_PERMITTED, flush);
    }

    @Test
    void lookingForSasOfOthersCountsAsDenied() throws Exception {
        Channel kmp = start("roles: kmp, kmps: ace, quota: {denials_per_second: 3}");
        long other = f.add(Direction.DIRECTION_OUTBOUND, "aa01").getSaId();
        Runnable get = () -> SadbServiceGrpc.newBlockingStub(kmp)
                .get(SadbServiceGetRequest.newBuilder()
                        .setSa(SaSelector.newBuilder().setSaId(other))
                        .build());

        for (int i = 0; i < 3; i++) {
            refused(SaError.NO_SUCH_SA, get);
        }

        refused(SaError.OVER_QUOTA, get);
    }

    @Test
    void whoeverFailsToAuthenticateAgainAndAgainIsNotHeard() throws Exception {
        Channel open = start("roles: auditor");
        whoAmI(open);
        for (int i = 1; i <= 20; i++) {
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), f.daemon.tlsPort())) {
                stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                int failed = i;
                await().until(() -> failedAuthentications() >= failed);
            }
        }

        try (TlsChannel good = anotherOfLimited()) {
            StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, () -> whoAmI(good.channel()));
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        assertThat(failedAuthentications()).isGreaterThan(20);
        assertThat(whoAmI(open).getPrincipal())
                .as("connections that stand go on")
                .isEqualTo(SAN);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        try (TlsChannel good = anotherOfLimited()) {
            assertThat(whoAmI(good.channel()).getPrincipal()).isEqualTo(SAN);
        }
    }

    private long failedAuthentications() {
        return f.admin()
                .info(AdminServiceInfoRequest.getDefaultInstance())
                .getAccess()
                .getFailedAuthentications();
    }

    private TlsChannel anotherOfLimited() throws IOException {
        return new TlsChannel(f.daemon.tlsPort(), authority.certificate, own);
    }

    @Test
    void callsBeyondTheRateAreRefusedUntilTheirTimeComes() throws Exception {
        Channel app = start("roles: app, endpoints: \"*\", quota: {calls_per_second: 2}");
        whoAmI(app);
        whoAmI(app);

        StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, () -> whoAmI(app));

        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        SaException over = ErrorWire.fromStatus(e).orElseThrow();
        assertThat(over.error()).isEqualTo(SaError.OVER_QUOTA);
        assertThat(over.retryAfterMillis()).isEqualTo(501);
        assertThat(StatusProto.fromThrowable(e)
                        .getDetails(1)
                        .unpack(RetryInfo.class)
                        .getRetryDelay())
                .isEqualTo(Duration.newBuilder().setNanos(501_000_000).build());
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(over.retryAfterMillis()));
        whoAmI(app);
        assertThat(f.admin()
                        .info(AdminServiceInfoRequest.getDefaultInstance())
                        .getAccess()
                        .getOverQuota())
                .isEqualTo(1);
    }

    @Test
    void itemsOfAStreamCountAsCalls() throws Exception {
        Channel app = start("roles: app, endpoints: \"" + OWN + "\", quota: {calls_per_second: 3}");
        AccessTarget target = new AccessTarget(f.channel.channel(), f.channel.channel(), OWN, false);
        StreamClient stream = StreamClient.reading(app);

        stream.send(item(1, target), item(2, target), item(3, target));

        await().until(() -> stream.answers.size() == 3);
        assertThat(stream.answers.get(1L).hasProtect()).isTrue();
        assertThat(stream.answers.get(2L).hasProtect()).isTrue();
        SaException over =
                ErrorWire.fromRefusal(stream.answers.get(3L).getRefused()).orElseThrow();
        assertThat(over.error()).isEqualTo(SaError.OVER_QUOTA);
        assertThat(over.retryAfterMillis()).isPositive();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        stream.send(item(3, target));
        await().untilAsserted(
                        () -> assertThat(stream.answers.get(3L).hasProtect()).isTrue());
        stream.requests().onCompleted();
        await().until(stream.ended::isDone);
    }

    private static RecordServiceStreamRequest.Item item(long id, AccessTarget target) {
        return RecordServiceStreamRequest.Item.newBuilder()
                .setId(id)
                .setProtect(BothEnds.protect(Messages.GET, OWN, target.peer, ByteString.EMPTY))
                .build();
    }

    @Test
    void callsThatWaitForSasAndItemsInFlightAreBounded() throws Exception {
        Channel app = start("roles: app, endpoints: \"" + OWN + "\", quota: {pending_acquires: 2, calls_in_flight: 4}");
        f.policies()
                .add(PolicyServiceAddRequest.newBuilder().setPolicy(askable()).build());
        KmpClient kmp = KmpClient.registered(f, "ace");
        StreamClient stream = StreamClient.reading(app);

        // The stream and two items are in flight and wait; the third may not wait; it is gone when the fourth comes.
        for (long id = 1; id <= 4; id++) {
            stream.send(waiting(id));
        }

        await().until(() -> stream.answers.size() == 2);
        assertThat(over(stream, 3)).isEqualTo("pending_acquires");
        assertThat(over(stream, 4)).isEqualTo("pending_acquires");
        stream.requests().cancel("gone", null);
        await().untilAsserted(() -> {
            StreamClient next = StreamClient.reading(app);
            next.send(waiting(1), waiting(2));
            next.send(waiting(3));
            await().until(() -> !next.answers.isEmpty());
            next.requests().cancel("gone", null);
            assertThat(next.answers.keySet()).as("what was given back is there").containsExactly(3L);
        });
        kmp.leave();
        await().until(kmp.ended::isDone);
    }

    @Test
    void itemsInFlightAreBounded() throws Exception {
        Channel app = start("roles: app, endpoints: \"" + OWN + "\", quota: {calls_in_flight: 3}");
        f.policies()
                .add(PolicyServiceAddRequest.newBuilder().setPolicy(askable()).build());
        KmpClient kmp = KmpClient.registered(f, "ace");
        StreamClient stream = StreamClient.reading(app);

        stream.send(waiting(1), waiting(2), waiting(3));

        await().until(() -> !stream.answers.isEmpty());
        assertThat(over(stream, 3)).isEqualTo("calls_in_flight");
        assertThat(refused(SaError.OVER_QUOTA, () -> whoAmI(app)).subject()).isEqualTo("calls_in_flight");
        stream.requests().cancel("gone", null);
        await().untilAsserted(() -> whoAmI(app));
        kmp.leave();
        await().until(kmp.ended::isDone);
    }

    private static Policy askable() {
        return Policy.newBuilder()
                .setName("ask")
                .setAction(PolicyAction.POLICY_ACTION_PROTECT)
                .addKmps("ace")
                .addIdentities(IdentityPattern.newBuilder().setValue("*"))
                .build();
    }

    private static RecordServiceStreamRequest.Item waiting(long id) {
        return RecordServiceStreamRequest.Item.newBuilder()
                .setId(id)
                .setProtect(BothEnds.protect(Messages.GET, OWN, "coap://missing.test", ByteString.EMPTY))
                .build();
    }

    private static String over(StreamClient stream, long id) {
        SaException over =
                ErrorWire.fromRefusal(stream.answers.get(id).getRefused()).orElseThrow();
        assertThat(over.error()).isEqualTo(SaError.OVER_QUOTA);
        return over.subject();
    }

    @Test
    void watchersAreBoundedAndGivenBack() throws Exception {
        Channel auditor = start("roles: auditor, quota: {watchers: 1}");
        WatchServiceGrpc.WatchServiceBlockingStub watch = WatchServiceGrpc.newBlockingStub(auditor);
        Context.CancellableContext first = Context.current().withCancellation();
        first.run(
                () -> watch.watch(WatchServiceWatchRequest.getDefaultInstance()).next());

        assertThat(refused(SaError.OVER_QUOTA, () -> watch.watch(WatchServiceWatchRequest.getDefaultInstance())
                                .next())
                        .subject())
                .isEqualTo("watchers");

        first.cancel(null);
        await().untilAsserted(() -> assertThat(watch.watch(WatchServiceWatchRequest.getDefaultInstance())
                        .next()
                        .hasReady())
                .isTrue());
    }

    @Test
    void sasAreBoundedForEachPrincipal() throws Exception {
        Channel kmp = start("roles: kmp, kmps: manual, quota: {sas: 2, larval_sas: 1}");
        SadbServiceGrpc.SadbServiceBlockingStub sadb = SadbServiceGrpc.newBlockingStub(kmp);
        SadbServiceGetSpiRequest reserving =
                SadbServiceGetSpiRequest.newBuilder().setPeer("coap://a.test").build();
        sadb.getSpi(reserving);

        assertThat(refused(SaError.OVER_QUOTA, () -> sadb.getSpi(reserving)).subject())
                .isEqualTo("larval_sas");
        sadb.add(adding("aa", 1));
        assertThat(refused(SaError.OVER_QUOTA, () -> sadb.add(adding("bb", 2))).subject())
                .isEqualTo("sas");
        f.add(Direction.DIRECTION_OUTBOUND, "cc");
    }

    private static SadbServiceAddRequest adding(String spi, int seed) {
        return SadbServiceAddRequest.newBuilder()
                .setParameters(DaemonFixture.parameters(Direction.DIRECTION_OUTBOUND, spi))
                .setKeys(DaemonFixture.keys(100 + seed))
                .build();
    }
}
