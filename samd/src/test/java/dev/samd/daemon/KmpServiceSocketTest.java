// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.Acquire;
import dev.samd.v1.AcquireView;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.Direction;
import dev.samd.v1.Event;
import dev.samd.v1.EventKind;
import dev.samd.v1.Identity;
import dev.samd.v1.IdentityType;
import dev.samd.v1.KmpServiceFailAcquireRequest;
import dev.samd.v1.KmpServiceGrpc;
import dev.samd.v1.KmpServiceRecallRequest;
import dev.samd.v1.KmpServiceRecallResponse;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.KmpServiceRegisterRequest.Hello;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.v1.KmpServiceResolveRequest;
import dev.samd.v1.PairRole;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
import dev.samd.v1.PolicySelector;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SaType;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.WatchServiceGrpc;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.v1.WatchServiceWatchResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** KMPs through a real Unix socket, and the calls that wait for what they make. */
class KmpServiceSocketTest {
    private static final int CALLS = 1000;

    @TempDir
    Path directory;

    private DaemonFixture f;

    @BeforeEach
    void start() throws Exception {
        f = new DaemonFixture(directory);
        f.policies()
                .add(PolicyServiceAddRequest.newBuilder()
                        .setPolicy(Policy.newBuilder()
                                .setName("servers")
                                .setAction(PolicyAction.POLICY_ACTION_PROTECT)
                                .setSelector(PolicySelector.newBuilder()
                                        .setDirection(PolicyDirection.POLICY_DIRECTION_OUTBOUND)
                                        .setPeer("coap://server-*"))
                                .addKmps("ace"))
                        .build());
    }

    @AfterEach
    void stop() {
        f.close();
    }

    private KmpServiceGrpc.KmpServiceBlockingStub kmps() {
        return KmpServiceGrpc.newBlockingStub(f.channel.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private CompletableFuture<RecordServiceProtectResponse> protecting() {
        CompletableFuture<RecordServiceProtectResponse> done = new CompletableFuture<>();
        RecordServiceGrpc.newStub(f.channel.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY), new Ending<>(done));
        return done;
    }

    private SaException refused(ThrowingCallable call) {
        StatusRuntimeException status = catchThrowableOfType(StatusRuntimeException.class, call);
        return ErrorWire.fromStatus(status).orElseThrow();
    }

    private static SaException refusal(CompletableFuture<?> call) {
        ExecutionException failure =
                catchThrowableOfType(ExecutionException.class, () -> call.get(20, TimeUnit.SECONDS));
        return ErrorWire.fromStatus(failure.getCause()).orElseThrow();
    }

    @Test
    void aCallWaitsForTheSaThatAKmpMakes() throws Exception {
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        Acquire acquire = ace.next().getAcquire();
        assertThat(acquire.getTarget()).isEqualTo(SERVER);
        assertThat(acquire.getLocal()).isEqualTo(CLIENT);
        assertThat(acquire.getSuitesList()).isNotEmpty();
        assertThat(acquire.getPatience().getSeconds()).isEqualTo(247);
        assertThat(acquire.getAcceptableIdentitiesList()).isNotEmpty();
        ByteString claim = ace.accept(acquire);

        SadbServiceInstallPairResponse pair =
                f.sadb().installPair(ace.answer(acquire, claim, "aa", 1).build());

        RecordServiceProtectResponse done = call.get(20, TimeUnit.SECONDS);
        assertThat(done.getSaId()).isEqualTo(pair.getOutboundSaId());
        assertThat(pair.getScopeList()).containsExactly(SERVER);
    }

    @Test
    void whoWatchesSeesWhichPolicyWantsAnAcquireAndWhatBecomesOfIt() throws Exception {
        Iterator<WatchServiceWatchResponse> watch = WatchServiceGrpc.newBlockingStub(f.channel.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .watch(WatchServiceWatchRequest.newBuilder()
                        .addKinds(EventKind.EVENT_KIND_ACQUIRE)
                        .addKinds(EventKind.EVENT_KIND_ACQUIRE_DONE)
                        .build());
        assertThat(watch.next().hasReady()).isTrue();
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        Acquire acquire = ace.next().getAcquire();
        f.sadb().installPair(ace.answer(acquire, ace.accept(acquire), "aa", 1).build());
        call.get(20, TimeUnit.SECONDS);

        List<Event> events = List.of(
                watch.next().getEvent(), watch.next().getEvent(), watch.next().getEvent());

        assertThat(events)
                .extracting(Event::getKind)
                .containsExactly(
                        EventKind.EVENT_KIND_ACQUIRE, EventKind.EVENT_KIND_ACQUIRE, EventKind.EVENT_KIND_ACQUIRE_DONE);
        assertThat(events)
                .extracting(event -> event.getAcquire().getState())
                .containsExactly(AcquireView.State.OFFERED, AcquireView.State.CLAIMED, AcquireView.State.DONE);
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getAcquire().getPolicy()).isEqualTo("servers");
            assertThat(event.getAcquire().getSequence()).isEqualTo(acquire.getSequence());
        });
    }

    @Test
    void aThousandCallsForOneNewPeerAreOneAcquireAndAllFinish() throws Exception { // T22
        KmpClient ace = KmpClient.registered(f, "ace");
        StreamClient stream = StreamClient.reading(f.channel.channel());
        for (int batch = 0; batch < CALLS / 250; batch++) {
            RecordServiceStreamRequest.Item[] items = new RecordServiceStreamRequest.Item[250];
            for (int i = 0; i < items.length; i++) {
                items[i] = RecordServiceStreamRequest.Item.newBuilder()
                        .setId(1 + batch * 250L + i)
                        .setProtect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY).toBuilder()
                                .setWaitMs(20_000))
                        .build();
            }
            stream.send(items);
        }
        Acquire acquire = ace.next().getAcquire();
        ByteString claim = ace.accept(acquire);

        f.sadb().installPair(ace.answer(acquire, claim, "aa", 1).build());
        stream.requests().onCompleted();
        stream.ended.get(20, TimeUnit.SECONDS);

        assertThat(stream.answers).hasSize(CALLS);
        assertThat(stream.answers.values())
                .allSatisfy(item ->
                        assertThat(item.hasProtect()).as(item.toString()).isTrue());
        assertThat(ace.wasToldNothing()).as("no second ACQUIRE").isTrue();
    }

    @Test
    void eachCallHasItsOwnDeadline() throws Exception {
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> patient = protecting();
        Acquire acquire = ace.next().getAcquire();

        SaException e = refused(() -> f.records()
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY).toBuilder()
                        .setWaitMs(1)
                        .build()));

        assertThat(e.error()).isEqualTo(SaError.TIMED_OUT);
        f.sadb().installPair(ace.answer(acquire, ace.accept(acquire), "aa", 1).build());
        assertThat(patient.get(20, TimeUnit.SECONDS).getCoap()).isNotEmpty();
    }

    @Test
    void aClientThatLeavesWaitsNoMore() throws Exception {
        KmpClient ace = KmpClient.registered(f, "ace");
        Context.CancellableContext context = Context.current().withCancellation();
        Context before = context.attach();
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        context.detach(before);
        Acquire acquire = ace.next().getAcquire();
        context.cancel(null);
        assertThat(call).failsWithin(20, TimeUnit.SECONDS);

        ace.send(KmpServiceRegisterRequest.newBuilder()
                .setDecline(KmpServiceRegisterRequest.Decline.newBuilder().setSequence(acquire.getSequence())));
        SaException e = refusal(protecting());

        assertThat(e.error()).isIn(SaError.HELD_DOWN, SaError.KMP_FAILED);
    }

    @Test
    void whoWaitsHearsTheKmpsOwnReason() throws Exception { // T11
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        Acquire acquire = ace.next().getAcquire();
        ByteString claim = ace.accept(acquire);

        kmps().failAcquire(KmpServiceFailAcquireRequest.newBuilder()
                .setSequence(acquire.getSequence())
                .setClaim(claim)
                .setErrno(111)
                .setReason("the AS refuses")
                .build());

        SaException e = refusal(call);
        assertThat(e.error()).isEqualTo(SaError.KMP_FAILED);
        assertThat(e.getMessage()).contains("the AS refuses").contains("111");
        assertThat(refusal(protecting()).error()).isEqualTo(SaError.HELD_DOWN);
    }

    @Test
    void withoutAKmpACallFailsAtOnce() {
        assertThat(refusal(protecting()).error()).isEqualTo(SaError.NO_KMP);
    }

    @Test
    void aKmpThatDiesLetsItsWaitersGoAtOnce() throws Exception { // T28
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        ace.accept(ace.next().getAcquire());

        ace.die();

        SaException e = refusal(call);
        assertThat(e.error()).isEqualTo(SaError.KMP_FAILED);
        assertThat(e.getMessage()).contains("is gone");
    }

    @Test
    void aKmpThatDoesNotReadLosesItsRegistration() throws Exception {
        CompletableFuture<Event> gone = new CompletableFuture<>();
        f.watch()
                .watch(
                        WatchServiceWatchRequest.newBuilder()
                                .addKinds(EventKind.EVENT_KIND_REGISTER)
                                .addKinds(EventKind.EVENT_KIND_UNREGISTER)
                                .build(),
                        new UntilUnregistered(gone));
        KmpClient deaf = KmpClient.deaf(f, "ace");
        // Each is answered with a word that it is not this KMP's.
        for (int i = 1; i <= 40_000; i++) {
            deaf.send(KmpServiceRegisterRequest.newBuilder()
                    .setAccept(KmpServiceRegisterRequest.Accept.newBuilder().setSequence(i)));
        }

        assertThat(gone.get(60, TimeUnit.SECONDS).getKmp()).isEqualTo("ace");
        deaf.read();

        assertThat(refusal(deaf.ended).error()).isEqualTo(SaError.TOO_MANY);
        KmpClient.registered(f, "ace");
    }

    /** Waits for the end of a registration. */
    private record UntilUnregistered(CompletableFuture<Event> gone)
            implements StreamObserver<WatchServiceWatchResponse> {
        @Override
        public void onNext(WatchServiceWatchResponse item) {
            if (item.getEvent().getKind() == EventKind.EVENT_KIND_UNREGISTER) {
                gone.complete(item.getEvent());
            }
        }

        @Override
        public void onError(Throwable failure) {
            gone.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            gone.completeExceptionally(new IllegalStateException("the daemon has stopped"));
        }
    }

    @Test
    void whoWaitsWhenTheDaemonStopsHearsThat() throws Exception {
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        ace.accept(ace.next().getAcquire());

        f.daemon.close();

        assertThat(refusal(call).error()).isEqualTo(SaError.SHUTTING_DOWN);
    }

    @Test
    void theFirstGoodRecordConfirmsAPairAndItsKmpHearsIt() throws Exception { // T38
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        Acquire acquire = ace.next().getAcquire();
        f.sadb().installPair(ace.answer(acquire, ace.accept(acquire), "aa", 1).build());
        SadbServiceInstallPairResponse server = f.sadb()
                .installPair(SadbServiceInstallPairRequest.newBuilder()
                        .setInbound(serverSide(Direction.DIRECTION_INBOUND, "aa01"))
                        .setInboundKeys(DaemonFixture.keys(1))
                        .setOutbound(serverSide(Direction.DIRECTION_OUTBOUND, "aa02"))
                        .setOutboundKeys(DaemonFixture.keys(2))
                        .setRole(PairRole.PAIR_ROLE_RESPONDER)
                        .setUnconfirmed(true)
                        .build());

        ByteString sent = call.get(20, TimeUnit.SECONDS).getCoap();
        assertThat(f.records()
                        .unprotect(unprotect(sent, SERVER, ByteString.EMPTY))
                        .hasOpened())
                .isTrue();

        KmpServiceRegisterResponse told = ace.next();
        assertThat(told.getEvent().getKind()).isEqualTo(EventKind.EVENT_KIND_CONFIRMED);
        assertThat(told.getEvent().getEntry().getSaId()).isEqualTo(server.getInboundSaId());
        assertThat(told.getEvent().getEntry().getUnconfirmed()).isFalse();
    }

    private static SaParameters serverSide(Direction direction, String spi) {
        return DaemonFixture.parameters(direction, spi)
                .setPeer(CLIENT)
                .setLocal(SERVER)
                .setPeerIdentity(Identity.newBuilder()
                        .setKmp("ace")
                        .setType(IdentityType.IDENTITY_TYPE_TOKEN)
                        .setIssuer("coaps://as.example")
                        .setValue("client-1"))
                .build();
    }

    @Test
    void aNameIsOneKmpsUntilItsStreamEnds() throws Exception { // T8
        KmpClient first = KmpClient.registered(f, "ace");
        KmpClient second = KmpClient.silent(f);
        second.send(hello("ace", SaType.SA_TYPE_DTLS12_RECORD));
        assertThat(refusal(second.ended).error()).isEqualTo(SaError.ALREADY_REGISTERED);

        first.leave();
        first.ended.get(20, TimeUnit.SECONDS);

        KmpClient.registered(f, "ace");
    }

    @Test
    void theUnspecifiedTypeOnlyTellsWhatIsSupported() throws Exception {
        KmpClient asking = KmpClient.silent(f);
        asking.send(hello("", SaType.SA_TYPE_UNSPECIFIED));

        KmpServiceRegisterResponse.Supported supported = asking.next().getSupported();

        assertThat(supported.getMaxSpiLength()).isEqualTo(20);
        assertThat(supported.getVersionsList()).containsExactly(0xfefd);
        assertThat(supported.getMaxRecord()).isEqualTo(1 << 14);
        assertThat(refusal(protecting()).error()).isEqualTo(SaError.NO_KMP);
    }

    @Test
    void whoRegistersIsToldEverySuiteOfTheProgram() throws Exception { // T21
        KmpClient ace = KmpClient.silent(f);
        ace.send(hello("ace", SaType.SA_TYPE_DTLS12_RECORD));

        assertThat(ace.next().getSupported().getSuitesList())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(CipherSuite.values())
                        .map(CipherSuite::code)
                        .toList());
    }

    @Test
    void whatIsNoRegistrationIsRefused() {
        malformed(hello("ace"));
        malformed(hello("ace", SaType.SA_TYPE_DTLS12_RECORD, SaType.SA_TYPE_DTLS12_RECORD));
        malformed(hello("ace", SaType.SA_TYPE_DTLS12_RECORD, SaType.SA_TYPE_UNSPECIFIED));
        malformed(hello("", SaType.SA_TYPE_DTLS12_RECORD));
        malformed(KmpServiceRegisterRequest.newBuilder()
                .setAccept(KmpServiceRegisterRequest.Accept.newBuilder().setSequence(1)));
        malformed(KmpServiceRegisterRequest.newBuilder());
        malformed(KmpServiceRegisterRequest.newBuilder()
                .setHello(Hello.newBuilder().setKmp("ace").addTypesValue(99)));
    }

    private void malformed(KmpServiceRegisterRequest.Builder first) {
        KmpClient client = KmpClient.silent(f);
        client.send(first);
        assertThat(refusal(client.ended).error()).isEqualTo(SaError.MALFORMED);
    }

    private static KmpServiceRegisterRequest.Builder hello(String kmp, SaType... types) {
        return KmpServiceRegisterRequest.newBuilder()
                .setHello(Hello.newBuilder().setKmp(kmp).addAllTypes(List.of(types)));
    }

    @Test
    void anAnswerWithoutTheClaimInstallsNothing() throws Exception { // T27
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        Acquire acquire = ace.next().getAcquire();
        ByteString claim = ace.accept(acquire);

        SaException e = refused(() -> f.sadb()
                .installPair(ace.answer(acquire, DaemonFixture.hex("00".repeat(16)), "aa", 1)
                        .build()));
        assertThat(e.error()).isEqualTo(SaError.STALE_ACQUIRE);
        e = refused(() -> f.sadb()
                .getSpi(SadbServiceGetSpiRequest.newBuilder()
                        .setAcquireSequence(acquire.getSequence())
                        .setPeer(SERVER)
                        .setLocal(CLIENT)
                        .build()));
        assertThat(e.error()).isEqualTo(SaError.STALE_ACQUIRE);

        f.sadb().installPair(ace.answer(acquire, claim, "aa", 1).build());
        assertThat(call.get(20, TimeUnit.SECONDS).getCoap()).isNotEmpty();
    }

    @Test
    void aKmpHearsWhatBecomesOfItsSas() throws Exception {
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        Acquire acquire = ace.next().getAcquire();
        SadbServiceInstallPairResponse pair = f.sadb()
                .installPair(ace.answer(acquire, ace.accept(acquire), "aa", 1).build());

        call.get(20, TimeUnit.SECONDS);
        f.sadb()
                .delete(SadbServiceDeleteRequest.newBuilder()
                        .setSa(SaSelector.newBuilder().setSaId(pair.getOutboundSaId()))
                        .setPair(true)
                        .build());

        KmpServiceRegisterResponse first = ace.next();
        assertThat(first.getEvent().getKind()).isEqualTo(EventKind.EVENT_KIND_DELETE);
        assertThat(first.getEvent().getEntry().getSaId()).isEqualTo(pair.getOutboundSaId());
        assertThat(first.getEvent().getCloseNotify()).isNotEmpty();
        assertThat(ace.next().getEvent().getEntry().getSaId()).isEqualTo(pair.getInboundSaId());
    }

    @Test
    void aKmpFindsItsPairsAgainWithWhatItGaveAlong() throws Exception {
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting();
        Acquire acquire = ace.next().getAcquire();
        ByteString secret = DaemonFixture.hex("0102");
        SadbServiceInstallPairResponse pair = f.sadb()
                .installPair(ace.answer(acquire, ace.accept(acquire), "aa", 1)
                        .setRole(PairRole.PAIR_ROLE_INITIATOR)
                        .setUnconfirmed(true)
                        .setKmpPrivate(secret)
                        .build());

        call.get(20, TimeUnit.SECONDS);
        KmpServiceRecallResponse recalled =
                kmps().recall(KmpServiceRecallRequest.newBuilder().setKmp("ace").build());

        assertThat(recalled.getPairsList()).singleElement().satisfies(found -> {
            assertThat(found.getPairId()).isEqualTo(pair.getPairId());
            assertThat(found.getKmpPrivate()).isEqualTo(secret);
            assertThat(found.getInbound().getUnconfirmed()).isTrue();
            assertThat(found.getInbound().getRole()).isEqualTo(PairRole.PAIR_ROLE_INITIATOR);
            assertThat(found.getOutbound().getAcquireSequence()).isEqualTo(acquire.getSequence());
        });
        assertThat(kmps().recall(KmpServiceRecallRequest.newBuilder()
                                .setKmp("psk")
                                .build())
                        .getPairsList())
                .isEmpty();
    }

    @Test
    void aKmpLearnsUnderWhichSaAMessageCame() throws Exception {
        f.policies().flush(PolicyServiceFlushRequest.getDefaultInstance());
        BothEnds.install(f, "bb", 50);
        KmpClient.registered(f, "ace");
        String principal =
                f.admin().whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance()).getPrincipal();
        ByteString sent = f.records()
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY))
                .getCoap();
        ByteString reference = f.records()
                .unprotect(unprotect(sent, SERVER, ByteString.EMPTY))
                .getOpened()
                .getReference();

        KmpServiceResolveRequest request = KmpServiceResolveRequest.newBuilder()
                .setPrincipal(principal)
                .setReference(reference)
                .build();

        assertThat(kmps().resolve(request).getSa().getParameters().getPeer()).isEqualTo(CLIENT);
        SaException e = refused(() ->
                kmps().resolve(request.toBuilder().setPrincipal("uid:4711").build()));
        assertThat(e.error()).isEqualTo(SaError.INVALID_REFERENCE);
    }

    @Test
    void whoIsNoKmpIsToldOfNoMessage() {
        BothEnds.install(f, "bb", 50);
        f.policies().flush(PolicyServiceFlushRequest.getDefaultInstance());
        String principal =
                f.admin().whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance()).getPrincipal();
        ByteString sent = f.records()
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY))
                .getCoap();
        ByteString reference = f.records()
                .unprotect(unprotect(sent, SERVER, ByteString.EMPTY))
                .getOpened()
                .getReference();

        SaException e = refused(() -> kmps().resolve(KmpServiceResolveRequest.newBuilder()
                .setPrincipal(principal)
                .setReference(reference)
                .build()));

        assertThat(e.error()).isEqualTo(SaError.NOT_PERMITTED);
    }
}
