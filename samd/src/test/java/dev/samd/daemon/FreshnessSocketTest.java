// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static dev.samd.daemon.DaemonFixture.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.daemon.store.MemoryStore;
import dev.samd.daemon.store.SaStore;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainRequest.Captured;
import dev.samd.v1.AdminServiceExplainRequest.Receiving;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.Content;
import dev.samd.v1.DiscardReason;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
import dev.samd.v1.PolicySelector;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceGetRequest;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceStreamRequest.Item;
import dev.samd.v1.RecordServiceUnprotectResponse;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that have to be fresh, through a real Unix socket. */
class FreshnessSocketTest {
    private static final int BLOCK = 4;

    @TempDir
    Path directory;

    private final AtomicLong ahead = new AtomicLong();
    private DaemonFixture f;
    private SadbServiceInstallPairResponse client;

    @BeforeEach
    void start() throws Exception {
        start(new MemoryStore(), 1_000);
    }

    private void start(SaStore store, long sendBlock) throws Exception {
        SamdConfig plain = DaemonFixture.config(directory);
        SamdConfig config = new SamdConfig(
                plain.socket(),
                plain.stateDir(),
                1000,
                plain.stopPatience(),
                plain.optionNumbers(),
                new SadbBounds(100, 100, 100, sendBlock, 1 << 20));
        Clocks clocks = new Clocks(() -> System.nanoTime() + ahead.get(), Clocks.SYSTEM.wall());
        f = new DaemonFixture(Daemon.start(config, clocks, new SecureRandom(), store));
        client = BothEnds.install(f, "aa", 1);
        add(fresh());
    }

    @AfterEach
    void stop() {
        f.close();
    }

    private static Policy.Builder fresh() {
        return Policy.newBuilder()
                .setName("led")
                .setAction(PolicyAction.POLICY_ACTION_PROTECT)
                .setSelector(PolicySelector.newBuilder()
                        .setDirection(PolicyDirection.POLICY_DIRECTION_INBOUND)
                        .setPath("/a"))
                .setFresh(Duration.newBuilder().setSeconds(30));
    }

    private void add(Policy.Builder policy) {
        f.policies().add(PolicyServiceAddRequest.newBuilder().setPolicy(policy).build());
    }

    private RecordServiceProtectResponse sent(ByteString request) {
        return f.records().protect(protect(request, CLIENT, SERVER, ByteString.EMPTY));
    }

    private RecordServiceUnprotectResponse arrived(ByteString request) {
        return f.records().unprotect(unprotect(request, SERVER, ByteString.EMPTY));
    }

    /** GET /a with an Echo option of 16 octets. */
    private static ByteString withEcho(Octets echo) {
        return Messages.GET.concat(hex("dde403")).concat(ByteString.copyFrom(echo.toArray()));
    }

    private Octets echoIn(RecordServiceProtectResponse request, ByteString challenge) {
        RecordServiceUnprotectResponse answer =
                f.records().unprotect(unprotect(challenge, CLIENT, request.getReference()));
        CoapMessage inner = CoapMessage.parse(answer.getOpened().getCoap().toByteArray());
        assertThat(inner.code()).isEqualTo(0x81);
        return inner.option(CoapOption.ECHO).orElseThrow();
    }

    private Octets echo() {
        RecordServiceProtectResponse request = sent(Messages.GET);
        return echoIn(request, arrived(request.getCoap()).getChallenged().getCoap());
    }

    @Test
    void requestPassesWithTheEchoOfItsChallengeAndWithoutItInside() {
        RecordServiceUnprotectResponse answer = arrived(sent(withEcho(echo())).getCoap());

        assertThat(answer.getOpened().getCoap()).isEqualTo(Messages.GET);
    }

    @Test
    void requestThatIsHeldBackIsChallengedAndConsumed() {
        ByteString held = sent(withEcho(echo())).getCoap();
        ahead.addAndGet(TimeUnit.SECONDS.toNanos(31));

        assertThat(arrived(held).hasChallenged()).isTrue();
        assertThat(arrived(held).getDiscarded().getReason()).isEqualTo(DiscardReason.DISCARD_REASON_REPLAY);
    }

    @Test
    void streamChallengesLikeASingleCall() {
        RecordServiceProtectResponse request = sent(Messages.GET);
        StreamClient stream = StreamClient.reading(f.channel.channel());

        stream.send(Item.newBuilder()
                .setId(1)
                .setUnprotect(unprotect(request.getCoap(), SERVER, ByteString.EMPTY))
                .build());
        await().atMost(java.time.Duration.ofSeconds(20)).until(() -> stream.items.get() == 1);

        ByteString challenge =
                stream.answers.get(1L).getUnprotect().getChallenged().getCoap();
        assertThat(echoIn(request, challenge).length()).isEqualTo(16);
    }

    @Test
    void challengeWaitsForNumbersThoughItsRequestIsOpened() throws Exception {
        f.close();
        SlowStore store = new SlowStore();
        start(store, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            assertThat(arrived(sent(Messages.GET).getCoap()).hasChallenged()).isTrue();
        }
        SlowStore.Extension first = store.extensions.poll(20, TimeUnit.SECONDS);
        SlowStore.Extension second = store.extensions.poll(20, TimeUnit.SECONDS);
        boolean firstIsTheClients = first.sa().value() == client.getOutboundSaId();
        (firstIsTheClients ? first : second).grant();

        ByteString request = sent(Messages.GET).getCoap();
        Future<RecordServiceUnprotectResponse> waiting = RecordServiceGrpc.newFutureStub(f.channel.channel())
                .unprotect(unprotect(request, SERVER, ByteString.EMPTY).toBuilder()
                        .setWaitMs(20_000)
                        .build());
        await().atMost(java.time.Duration.ofSeconds(20))
                .until(() -> arrived(request).getDiscarded().getReason() == DiscardReason.DISCARD_REASON_REPLAY);
        assertThat(waiting).isNotDone();
        (firstIsTheClients ? second : first).grant();

        assertThat(waiting.get(20, TimeUnit.SECONDS).hasChallenged()).isTrue();
    }

    @Test
    void freshnessComesBackAsItWentAndWhatCannotBeIsRefused() {
        assertThat(f.policies()
                        .get(PolicyServiceGetRequest.newBuilder().setName("led").build())
                        .getPolicy()
                        .getFresh()
                        .getSeconds())
                .isEqualTo(30);
        assertThat(refusal(fresh().setName("x").setFresh(Duration.newBuilder().setSeconds(86_401))))
                .isEqualTo(SaError.MALFORMED);
        assertThat(refusal(fresh().setName("x").setFresh(Duration.newBuilder().setSeconds(-1))))
                .isEqualTo(SaError.INVALID_LIFETIME);
        assertThat(refusal(fresh().setName("x").setAction(PolicyAction.POLICY_ACTION_BYPASS)))
                .isEqualTo(SaError.MALFORMED);
        assertThat(refusal(fresh().setName("x").clearSelector())).isEqualTo(SaError.MALFORMED);
        assertThat(refusal(fresh().setName("x").setContent(Content.CONTENT_PAYLOAD)))
                .isEqualTo(SaError.WRONG_CONTENT);
    }

    private SaError refusal(Policy.Builder policy) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> add(policy));
        return ErrorWire.fromStatus(failure).orElseThrow(() -> failure).error();
    }

    private AdminServiceExplainResponse explained(ByteString request) {
        return f.admin()
                .explain(AdminServiceExplainRequest.newBuilder()
                        .setCaptured(Captured.newBuilder()
                                .setCoap(sent(request).getCoap())
                                .setLocal(SERVER))
                        .build());
    }

    @Test
    void explanationSaysWhatIsAskedForAndWhetherItIsThere() {
        AdminServiceExplainResponse without = explained(Messages.GET);
        AdminServiceExplainResponse with = explained(withEcho(echo()));
        AdminServiceExplainResponse clear = f.admin()
                .explain(AdminServiceExplainRequest.newBuilder()
                        .setReceiving(Receiving.newBuilder().setLocal(SERVER).setPath("/a"))
                        .build());

        assertThat(without.getVerdict()).isEqualTo("challenged");
        assertThat(without.getPolicy()).isEqualTo("led");
        assertThat(without.getStepsList())
                .endsWith(
                        "policy \"led\" passes, fresh within 30s",
                        "it has no Echo that is fresh, and would be answered with one");
        assertThat(without.getCandidates(0).getReason()).isEqualTo("it asks for a fresh Echo");
        assertThat(with.getVerdict()).isEqualTo("accepted");
        assertThat(with.getStepsList()).endsWith("its Echo is fresh");
        assertThat(clear.getStepsList()).first().asString().endsWith("protect, fresh within 30s");
    }
}
