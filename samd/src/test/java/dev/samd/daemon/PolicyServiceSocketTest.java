// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.Content;
import dev.samd.v1.DiscardReason;
import dev.samd.v1.Form;
import dev.samd.v1.IdentityPattern;
import dev.samd.v1.IdentityType;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
import dev.samd.v1.PolicySelector;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceDeleteRequest;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.PolicyServiceGetRequest;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.PolicyServiceUpdateRequest;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceUnprotectResponse;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies through a real Unix socket, and what they do to the data path. */
class PolicyServiceSocketTest {
    @TempDir
    Path directory;

    private DaemonFixture f;
    private SadbServiceInstallPairResponse client;

    @BeforeEach
    void start() throws Exception {
        f = new DaemonFixture(directory);
        client = BothEnds.install(f, "aa", 1);
    }

    @AfterEach
    void stop() {
        f.close();
    }

    private static dev.samd.v1.Policy.Builder policy(String name, PolicyAction action) {
        return dev.samd.v1.Policy.newBuilder().setName(name).setAction(action);
    }

    private static dev.samd.v1.Policy.Builder protecting(String name) {
        return policy(name, PolicyAction.POLICY_ACTION_PROTECT);
    }

    private static PolicySelector.Builder inbound(String path) {
        return PolicySelector.newBuilder()
                .setDirection(PolicyDirection.POLICY_DIRECTION_INBOUND)
                .setPath(path);
    }

    private void add(dev.samd.v1.Policy.Builder policy) {
        add(policy, "");
    }

    private void add(dev.samd.v1.Policy.Builder policy, String before) {
        f.policies()
                .add(PolicyServiceAddRequest.newBuilder()
                        .setPolicy(policy)
                        .setBefore(before)
                        .build());
    }

    private List<String> names() {
        return f.policies().list(PolicyServiceListRequest.getDefaultInstance()).getPoliciesList().stream()
                .map(dev.samd.v1.Policy::getName)
                .toList();
    }

    @Test
    void entriesAreAddedReplacedAndTakenOutInOrder() {
        add(protecting("a"));
        add(protecting("c"));
        add(protecting("b"), "c");
        assertThat(names()).containsExactly("a", "b", "c");

        f.policies()
                .update(PolicyServiceUpdateRequest.newBuilder()
                        .setPolicy(policy("b", PolicyAction.POLICY_ACTION_DISCARD))
                        .build());
        f.policies().delete(PolicyServiceDeleteRequest.newBuilder().setName("a").build());

        assertThat(names()).containsExactly("b", "c");
        assertThat(get("b").getAction()).isEqualTo(PolicyAction.POLICY_ACTION_DISCARD);
        assertThat(f.policies()
                        .flush(PolicyServiceFlushRequest.getDefaultInstance())
                        .getCount())
                .isEqualTo(2);
        assertThat(names()).isEmpty();
    }

    private dev.samd.v1.Policy get(String name) {
        return f.policies()
                .get(PolicyServiceGetRequest.newBuilder().setName(name).build())
                .getPolicy();
    }

    @Test
    void everyFieldComesBackAsItWent() {
        dev.samd.v1.Policy whole = protecting("whole")
                .setSelector(PolicySelector.newBuilder()
                        .setDirection(PolicyDirection.POLICY_DIRECTION_OUTBOUND)
                        .setLocal("coap://mine")
                        .setPeer("coap://sensor-*")
                        .addMethods("GET")
                        .addMethods("iPATCH")
                        .setPath("/a%2Fb/*/**"))
                .addKmps("ace")
                .addKmps("manual")
                .addIdentities(IdentityPattern.newBuilder()
                        .setKmp("ace")
                        .setType(IdentityType.IDENTITY_TYPE_TOKEN)
                        .setIssuer("as")
                        .setValue("{host}"))
                .addSuites(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8.code())
                .setContent(Content.CONTENT_MESSAGE)
                .setForm(Form.FORM_DRAFT_EXACT)
                .setLifetime(Lifetime.newBuilder()
                        .setSoft(Limits.newBuilder()
                                .setRecords(5)
                                .setAddTime(Duration.getDefaultInstance())
                                .setUseTime(Duration.getDefaultInstance()))
                        .setHard(Limits.newBuilder()
                                .setAddTime(Duration.newBuilder().setSeconds(3600))
                                .setUseTime(Duration.getDefaultInstance())))
                .setWindow(256)
                .setReqid(-1)
                .build();

        add(whole.toBuilder());

        assertThat(get("whole")).isEqualTo(whole);
    }

    @Test
    void whatIsAbsentIsShownAsTheDefaultItStandsFor() {
        add(protecting("bare"));

        dev.samd.v1.Policy shown = get("bare");

        assertThat(shown.getKmpsList()).containsExactly("manual");
        assertThat(shown.getIdentitiesList()).isEmpty();
        assertThat(shown.getSuitesList()).isEmpty();
        assertThat(shown.getContent()).isEqualTo(Content.CONTENT_MESSAGE);
        assertThat(shown.getForm()).isEqualTo(Form.FORM_SAMD);
        assertThat(shown.getWindow()).isEqualTo(128);
    }

    @Test
    void whatCannotBeIsRefused() {
        add(protecting("a"));

        assertRefused(SaError.POLICY_EXISTS, () -> add(protecting("a")));
        assertRefused(SaError.NO_SUCH_POLICY, () -> add(protecting("b"), "x"));
        assertRefused(SaError.NO_SUCH_POLICY, () -> get("x"));
        assertRefused(SaError.NO_SUCH_POLICY, () -> f.policies()
                .update(PolicyServiceUpdateRequest.newBuilder()
                        .setPolicy(protecting("x"))
                        .build()));
        assertRefused(SaError.NO_SUCH_POLICY, () -> f.policies()
                .delete(PolicyServiceDeleteRequest.newBuilder().setName("x").build()));
        assertRefused(SaError.MALFORMED, () -> f.policies().add(PolicyServiceAddRequest.getDefaultInstance()));
        assertRefused(
                SaError.MALFORMED,
                () -> add(dev.samd.v1.Policy.newBuilder().setAction(PolicyAction.POLICY_ACTION_PROTECT)));
        assertRefused(
                SaError.MALFORMED, () -> add(dev.samd.v1.Policy.newBuilder().setName("b")));
        assertRefused(SaError.MALFORMED, () -> add(protecting("b").setActionValue(9)));
        assertRefused(SaError.MALFORMED, () -> add(protecting("b").setSelector(inbound("no-slash"))));
        assertRefused(
                SaError.MALFORMED,
                () -> add(protecting("b").setSelector(inbound("/a").addMethods("LOOK"))));
        assertRefused(
                SaError.MALFORMED_ENDPOINT,
                () -> add(protecting("b").setSelector(inbound("/a").setPeer("sensor-*"))));
        assertRefused(SaError.UNSUPPORTED_SUITE, () -> add(protecting("b").addSuites(1)));
        assertRefused(SaError.INVALID_WINDOW, () -> add(protecting("b").setWindow(100)));
        assertRefused(SaError.WRONG_CONTENT, () -> add(protecting("b").setContent(Content.CONTENT_RAW)));
        assertThat(names()).containsExactly("a");
    }

    private static void assertRefused(SaError error, ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        SaException refusal = ErrorWire.fromStatus(failure).orElseThrow(() -> failure);
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(error);
    }

    private ByteString sent() {
        return f.records()
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY))
                .getCoap();
    }

    @Test
    void requestThatAPolicyDiscardsDoesNotLeave() {
        add(policy("quiet", PolicyAction.POLICY_ACTION_DISCARD)
                .setSelector(PolicySelector.newBuilder().setPeer(SERVER)));

        assertRefused(SaError.DENIED_BY_POLICY, this::sent);
    }

    @Test
    void policyThatAdmitsAnotherKmpTakesTheScopeAway() { // T40, T41
        add(protecting("ace-only")
                .addKmps("ace")
                .setSelector(PolicySelector.newBuilder().setPeer(SERVER)));

        assertThat(outbound().getScopeList()).isEmpty();
        assertThat(outbound().getResponseOnly()).isTrue();

        f.policies().flush(PolicyServiceFlushRequest.getDefaultInstance());

        assertThat(outbound().getScopeList()).containsExactly(SERVER);
        assertThat(sent().isEmpty()).isFalse();
    }

    private SaEntry outbound() {
        return f.sadb()
                .get(SadbServiceGetRequest.newBuilder()
                        .setSa(SaSelector.newBuilder().setSaId(client.getOutboundSaId()))
                        .build())
                .getEntry();
    }

    @Test
    void requestToAPathOfAnotherKmpOpensAndDoesNotPass() { // T42
        add(protecting("reserved").addKmps("ace").setSelector(inbound("/a")));
        ByteString request = sent();

        assertThat(arrived(request).getDiscarded().getReason()).isEqualTo(DiscardReason.DISCARD_REASON_POLICY);
        assertThat(arrived(request).getDiscarded().getReason())
                .as("the number is consumed")
                .isEqualTo(DiscardReason.DISCARD_REASON_REPLAY);

        f.policies()
                .update(PolicyServiceUpdateRequest.newBuilder()
                        .setPolicy(protecting("reserved").addKmps("ace").setSelector(inbound("/a%2Fb")))
                        .build());

        assertThat(arrived(sent()).hasOpened()).isTrue();
    }

    private RecordServiceUnprotectResponse arrived(ByteString request) {
        return f.records().unprotect(unprotect(request, SERVER, ByteString.EMPTY));
    }

    @Test
    void protectedRequestToAnOpenPathPasses() {
        add(policy("open", PolicyAction.POLICY_ACTION_BYPASS).setSelector(inbound("/a")));

        assertThat(arrived(sent()).hasOpened()).isTrue();
    }

    @Test
    void whatThePolicyLetsPassPassesAsItIsAndNothingElseDoes() {
        add(policy("open", PolicyAction.POLICY_ACTION_BYPASS)
                .setSelector(PolicySelector.newBuilder().addMethods("GET").setPath("/a")));

        RecordServiceProtectResponse sent =
                f.records().protect(protect(Messages.GET, CLIENT, "coap://stranger", ByteString.EMPTY));
        assertThat(sent.getBypassed()).isTrue();
        assertThat(sent.getCoap()).isEqualTo(Messages.GET);
        assertThat(sent.getReference().isEmpty()).isTrue();
        assertThat(sent.getSaId()).isZero();
        RecordServiceUnprotectResponse received =
                f.records().unprotect(unprotect(Messages.GET, SERVER, ByteString.EMPTY));
        assertThat(received.hasBypassed()).isTrue();
        assertThat(received.getBypassed().getCoap()).isEqualTo(Messages.GET);

        // GET /b, and PUT /a.
        ByteString elsewhere = Messages.hex("41011234" + "77" + "b162");
        ByteString otherwise = Messages.hex("41031234" + "77" + "b161");
        for (ByteString closed : List.of(elsewhere, otherwise)) {
            assertRefused(SaError.NO_USABLE_SA, () -> f.records()
                    .protect(protect(closed, CLIENT, "coap://stranger", ByteString.EMPTY)));
            assertThat(f.records()
                            .unprotect(unprotect(closed, SERVER, ByteString.EMPTY))
                            .hasDiscarded())
                    .isTrue();
        }
    }

    @Test
    void policiesOfTheConfigurationAreInForceFromTheStart(@TempDir Path elsewhere) throws Exception {
        List<Policy> configured = ConfigFile.parse("f", "policies: [{name: closed, action: discard}]")
                .policies();
        SamdConfig plain = DaemonFixture.config(elsewhere);
        SamdConfig config = new SamdConfig(
                plain.socket(),
                plain.stateDir(),
                plain.eventLogSize(),
                plain.stopPatience(),
                plain.optionNumbers(),
                plain.bounds(),
                plain.kmpPrincipals(),
                configured,
                StoreSettings.MEMORY,
                AccessConfig.NONE,
                plain.audit());

        try (DaemonFixture other = new DaemonFixture(config)) {
            assertThat(other.policies()
                            .list(PolicyServiceListRequest.getDefaultInstance())
                            .getPoliciesList())
                    .extracting(dev.samd.v1.Policy::getName)
                    .containsExactly("closed");
            assertRefused(SaError.DENIED_BY_POLICY, () -> other.records()
                    .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY)));
        }
    }
}
