// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static dev.samd.daemon.DaemonFixture.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.Acquire;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainRequest.Captured;
import dev.samd.v1.AdminServiceExplainRequest.Receiving;
import dev.samd.v1.AdminServiceExplainRequest.Sending;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.Direction;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
import dev.samd.v1.PolicySelector;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.Refusal;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.Usage;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Explain through a real Unix socket (T46). */
class ExplainSocketTest {
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

    private void add(String name, PolicyAction action, PolicySelector.Builder selector, String... kmps) {
        f.policies()
                .add(PolicyServiceAddRequest.newBuilder()
                        .setPolicy(Policy.newBuilder()
                                .setName(name)
                                .setAction(action)
                                .setSelector(selector)
                                .addAllKmps(List.of(kmps)))
                        .build());
    }

    private static PolicySelector.Builder inbound(String path) {
        return PolicySelector.newBuilder()
                .setDirection(PolicyDirection.POLICY_DIRECTION_INBOUND)
                .setPath(path);
    }

    private AdminServiceExplainResponse sending(Sending.Builder question) {
        return f.admin()
                .explain(AdminServiceExplainRequest.newBuilder()
                        .setSending(question)
                        .build());
    }

    private static Sending.Builder toServer() {
        return Sending.newBuilder().setLocal(CLIENT).setTarget(SERVER);
    }

    private AdminServiceExplainResponse receiving(String method, String path) {
        return f.admin()
                .explain(AdminServiceExplainRequest.newBuilder()
                        .setReceiving(Receiving.newBuilder()
                                .setLocal(SERVER)
                                .setMethod(method)
                                .setPath(path))
                        .build());
    }

    private AdminServiceExplainResponse captured(ByteString coap) {
        return f.admin()
                .explain(AdminServiceExplainRequest.newBuilder()
                        .setCaptured(Captured.newBuilder().setCoap(coap).setLocal(SERVER))
                        .build());
    }

    private ByteString sent() {
        return f.records()
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY))
                .getCoap();
    }

    private static ByteString flipped(ByteString octets) {
        byte[] changed = octets.toByteArray();
        changed[changed.length - 1] ^= 1;
        return ByteString.copyFrom(changed);
    }

    private Usage usageOfServersInbound() {
        return f.sadb()
                .get(SadbServiceGetRequest.newBuilder()
                        .setSa(SaSelector.newBuilder().setInboundSpi(hex("aa01")))
                        .build())
                .getEntry()
                .getUsage();
    }

    @Test
    void requestThatWouldLeaveNamesItsSa() {
        AdminServiceExplainResponse answer = sending(toServer().setPath("/a"));

        assertThat(answer.getVerdict()).isEqualTo("protected");
        assertThat(answer.getPolicy()).isEmpty();
        assertThat(answer.getStepsList())
                .containsExactly(
                        "no policy fits GET /a to coap://server-1 at coap://client-1: it is protected, and keys by hand"
                                + " alone speak for the peer",
                        "SA " + client.getOutboundSaId() + " would carry it");
        assertThat(answer.getCandidatesList()).singleElement().satisfies(candidate -> {
            assertThat(candidate.getSaId()).isEqualTo(client.getOutboundSaId());
            assertThat(candidate.getChosen()).isTrue();
            assertThat(candidate.getReason()).isEqualTo("it would be taken");
            assertThat(candidate.getEntry().getUsage().getRecords()).isZero();
        });
        assertThat(answer.hasRefusal()).isFalse();
    }

    private void aceFirst() {
        add(
                "ace-first",
                PolicyAction.POLICY_ACTION_PROTECT,
                PolicySelector.newBuilder().setPeer(SERVER),
                "ace",
                "edhoc");
    }

    private CompletableFuture<RecordServiceProtectResponse> protecting() {
        CompletableFuture<RecordServiceProtectResponse> done = new CompletableFuture<>();
        RecordServiceGrpc.newStub(f.channel.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY), new Ending<>(done));
        return done;
    }

    @Test
    void requestThatNeedsAnSaNamesTheKmpsThatAreThere() throws Exception {
        aceFirst();
        KmpClient.registered(f, "edhoc");

        AdminServiceExplainResponse answer = sending(toServer());

        assertThat(answer.getVerdict()).isEqualTo("acquired");
        assertThat(answer.getPolicy()).isEqualTo("ace-first");
        assertThat(answer.getStepsList())
                .containsExactly(
                        "policy \"ace-first\" fits GET / to coap://server-1 at coap://client-1: protect, by SAs of"
                                + " [ace, edhoc]",
                        "there is no SA to coap://server-1 at local endpoint coap://client-1",
                        "KMPs are asked for one, in this order: edhoc");
        assertThat(answer.getCandidatesList()).singleElement().satisfies(candidate -> {
            assertThat(candidate.getSaId()).isEqualTo(client.getOutboundSaId());
            assertThat(candidate.getChosen()).isFalse();
            assertThat(candidate.getReason()).isEqualTo("its KMP is not one of the policy's");
        });
    }

    @Test
    void requestThatNeedsAnSaSaysThatNoKmpIsRegistered() {
        aceFirst();

        AdminServiceExplainResponse answer = sending(toServer());

        assertThat(answer.getVerdict()).isEqualTo("refused");
        assertThat(answer.getRefusal().getReason()).isEqualTo(Refusal.Reason.NO_KMP);
        assertThat(answer.getStepsList().get(2))
                .contains("none of the KMPs")
                .contains("is registered")
                .contains("[ace, edhoc]");
    }

    @Test
    void requestThatNeedsAnSaNamesTheKmpThatMakesIt() throws Exception {
        aceFirst();
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        Acquire acquire = ace.next().getAcquire();

        AdminServiceExplainResponse answer = sending(toServer());

        assertThat(answer.getVerdict()).isEqualTo("acquired");
        assertThat(answer.getStepsList().get(2))
                .isEqualTo("ACQUIRE " + Integer.toUnsignedString(acquire.getSequence())
                        + " for them is open, and KMP ace has it");
        assertThat(call).isNotDone();
    }

    @Test
    void requestThatWouldBeRefusedCarriesTheRefusal() {
        add(
                "closed",
                PolicyAction.POLICY_ACTION_DISCARD,
                PolicySelector.newBuilder().addMethods("PUT"));

        AdminServiceExplainResponse denied = sending(toServer().setMethod("put"));
        AdminServiceExplainResponse stranger = sending(Sending.newBuilder().setTarget("coap://stranger"));

        assertThat(denied.getVerdict()).isEqualTo("refused");
        assertThat(denied.getPolicy()).isEqualTo("closed");
        assertThat(denied.getRefusal().getReason()).isEqualTo(Refusal.Reason.DENIED_BY_POLICY);
        assertThat(stranger.getVerdict()).isEqualTo("refused");
        assertThat(stranger.getRefusal().getReason()).isEqualTo(Refusal.Reason.NO_USABLE_SA);
        assertThat(stranger.getRefusal().getMessage()).isEqualTo("there is no SA to coap://stranger");
    }

    @Test
    void requestThatWouldLeaveInClearIsBypassed() {
        add(
                "open",
                PolicyAction.POLICY_ACTION_BYPASS,
                PolicySelector.newBuilder().setPath("/open"));

        AdminServiceExplainResponse answer = sending(toServer().setPath("/open"));

        assertThat(answer.getVerdict()).isEqualTo("bypassed");
        assertThat(answer.getPolicy()).isEqualTo("open");
        assertThat(answer.getCandidatesList()).isEmpty();
    }

    @Test
    void saOfAnotherLocalEndpointSaysSo() {
        AdminServiceExplainResponse answer = sending(Sending.newBuilder().setTarget(SERVER));

        assertThat(answer.getVerdict()).isEqualTo("refused");
        assertThat(answer.getCandidatesList()).singleElement().satisfies(candidate -> assertThat(candidate.getReason())
                .isEqualTo("it is of local endpoint coap://client-1"));
    }

    @Test
    void newestCandidateComesFirst() {
        long later = f.add(
                        DaemonFixture.parameters(Direction.DIRECTION_OUTBOUND, "cc01")
                                .setLocal(CLIENT)
                                .setPeer(SERVER)
                                .build(),
                        DaemonFixture.keys(77),
                        "")
                .getSaId();

        AdminServiceExplainResponse answer = sending(toServer());

        assertThat(answer.getCandidatesList())
                .extracting(AdminServiceExplainResponse.Candidate::getSaId)
                .containsExactly(later, client.getOutboundSaId());
        assertThat(answer.getCandidatesList())
                .extracting(AdminServiceExplainResponse.Candidate::getReason)
                .containsExactly("it would be taken", "a newer one is taken");
    }

    @Test
    void requestInClearIsHeldAgainstTheInboundPolicies() {
        add("open", PolicyAction.POLICY_ACTION_BYPASS, inbound("/open"));

        assertThat(receiving("GET", "/open").getVerdict()).isEqualTo("bypassed");
        assertThat(receiving("GET", "/open").getPolicy()).isEqualTo("open");
        AdminServiceExplainResponse refused = receiving("POST", "/a%2Fb");
        assertThat(refused.getVerdict()).isEqualTo("discarded");
        assertThat(refused.getPolicy()).isEmpty();
        assertThat(refused.getStepsList())
                .first()
                .isEqualTo(
                        "no policy fits POST /a%2Fb in clear at coap://server-1: what arrives in clear does not pass");
    }

    @Test
    void capturedMessageIsFollowedThroughTheDoorsAndStaysNew() {
        add("sixth", PolicyAction.POLICY_ACTION_PROTECT, inbound("/a"), "manual");
        ByteString message = sent();
        Usage before = usageOfServersInbound();

        AdminServiceExplainResponse answer = captured(message);

        assertThat(answer.getVerdict()).isEqualTo("accepted");
        assertThat(answer.getPolicy()).isEqualTo("sixth");
        assertThat(answer.getStepsList())
                .contains("its tag is good", "the number of its record is new", "policy \"sixth\" passes");
        assertThat(answer.getCandidatesList()).singleElement().satisfies(candidate -> {
            assertThat(candidate.getChosen()).isTrue();
            assertThat(candidate.getEntry().getParameters().getSpi()).isEqualTo(hex("aa01"));
        });
        assertThat(usageOfServersInbound()).isEqualTo(before);
        assertThat(f.records()
                        .unprotect(unprotect(message, SERVER, ByteString.EMPTY))
                        .hasOpened())
                .isTrue();
        AdminServiceExplainResponse again = captured(message);
        assertThat(again.getVerdict()).isEqualTo("discarded");
        assertThat(again.getStepsList()).contains("its record is not accepted: REPLAY", "its tag is good");
    }

    @Test
    void capturedMessageOfAnotherKmpFailsAtTheSixthDoor() { // T42
        add("reserved", PolicyAction.POLICY_ACTION_PROTECT, inbound("/a"), "ace");

        AdminServiceExplainResponse answer = captured(sent());

        assertThat(answer.getVerdict()).isEqualTo("discarded");
        assertThat(answer.getPolicy()).isEqualTo("reserved");
        assertThat(answer.getStepsList())
                .last()
                .isEqualTo("policy \"reserved\" does not let it pass under this SA: POLICY");
    }

    @Test
    void badTagCountsAsAForgeryAndShowsNoPolicy() {
        add("reserved", PolicyAction.POLICY_ACTION_PROTECT, inbound("/a"), "ace");

        AdminServiceExplainResponse answer = captured(flipped(sent()));

        assertThat(answer.getVerdict()).isEqualTo("discarded");
        assertThat(answer.getPolicy()).isEmpty();
        assertThat(answer.getStepsList()).last().isEqualTo("its tag is bad, and counts as a forgery: BAD_TAG");
        assertThat(usageOfServersInbound().getFailedOpenings()).isEqualTo(1);
    }

    @Test
    void whatIsInsideIsNeverShown() {
        String secret = "canary-in-the-message";
        ByteString request = hex("41031234" + "77" + "b161" + "ff").concat(ByteString.copyFromUtf8(secret));
        ByteString message = f.records()
                .protect(protect(request, CLIENT, SERVER, ByteString.EMPTY))
                .getCoap();

        AdminServiceExplainResponse answer = captured(message);

        assertThat(answer.getVerdict()).isEqualTo("accepted");
        assertThat(answer.toByteString().toString(StandardCharsets.ISO_8859_1)).doesNotContain(secret);
        assertThat(answer.toString()).doesNotContain("/a").doesNotContain("PUT");
    }

    @Test
    void callerWhoAsksTooOftenIsRefused() {
        ByteString message = sent();

        assertRefused(SaError.TOO_MANY, () -> {
            for (int i = 0; i < 10_000; i++) {
                captured(message);
            }
        });
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        assertRefused(SaError.MALFORMED, () -> f.admin().explain(AdminServiceExplainRequest.getDefaultInstance()));
        assertRefused(SaError.MALFORMED_ENDPOINT, () -> sending(Sending.newBuilder()));
        assertRefused(SaError.MALFORMED_ENDPOINT, () -> sending(toServer().setLocal("nonsense")));
        assertRefused(SaError.MALFORMED, () -> sending(toServer().setPath("/a/*")));
        assertRefused(SaError.MALFORMED, () -> sending(toServer().setPath("a")));
        assertRefused(SaError.MALFORMED, () -> sending(toServer().setMethod("LOOK")));
        assertRefused(SaError.MALFORMED, () -> receiving("LOOK", "/a"));
        assertRefused(SaError.MALFORMED_COAP, () -> captured(ByteString.EMPTY));
        assertRefused(SaError.MALFORMED_COAP, () -> captured(hex("41")));
        assertRefused(SaError.TOO_LARGE, () -> captured(ByteString.copyFrom(new byte[65_536])));
    }

    private static void assertRefused(SaError error, ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        SaException refusal = ErrorWire.fromStatus(failure).orElseThrow(() -> failure);
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(error);
    }
}
