// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.v1.Acquire;
import dev.samd.v1.Event;
import dev.samd.v1.KmpServiceRecallResponse;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.v1.KmpServiceRegisterResponse.Withdrawn;
import dev.samd.v1.Lifetime;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KmpControlTest {
    private static final Octets CLAIM = Octets.of(FakeKmp.CLAIM.toByteArray());

    @TempDir
    Path directory;

    private final FakeKmp service = new FakeKmp();
    private final FakeSadb sadb = new FakeSadb();
    private final Heard heard = new Heard();
    private FakeDaemon daemon;
    private SamdClient client;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), service, sadb);
        client = SamdClient.connect(directory.resolve("s"));
    }

    @AfterEach
    void stop() {
        client.close();
        daemon.close();
    }

    @Test
    void registrationSaysHelloAndHearsWhatIsSupported() throws InterruptedException {
        client.kmp().register("ace", Set.of("/b", "/authz-info"), heard);

        // Of a daemon that knows more, what this version knows.
        assertThat(heard.next())
                .isEqualTo(new KmpSupport(
                        List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8), List.of(RecordVersion.DTLS12), 20, 1 << 14));
        KmpServiceRegisterRequest.Hello hello = service.said().get(0).getHello();
        assertThat(hello.getKmp()).isEqualTo("ace");
        assertThat(hello.getResourcesList()).containsExactly("/authz-info", "/b");
        assertThat(hello.getTypesList()).containsExactly(dev.samd.v1.SaType.SA_TYPE_DTLS12_RECORD);
    }

    @Test
    void acquireIsOfferedAcceptedClaimedAndWithdrawn() throws InterruptedException {
        KmpSession session = client.kmp().register("ace", Set.of(), heard);
        heard.next();

        service.say(
                "ace",
                KmpServiceRegisterResponse.newBuilder().setAcquire(acquire()).build());
        Object offered = heard.next();
        session.accept(0x9000_0001);
        Object claimed = heard.next();
        session.progress(0x9000_0001, "token");
        session.decline(2, "busy");
        await().until(() -> service.said().size() == 4);
        service.say(
                "ace",
                KmpServiceRegisterResponse.newBuilder()
                        .setWithdrawn(
                                Withdrawn.newBuilder().setSequence(0x9000_0001).setReason("flushed"))
                        .build());

        assertThat(offered)
                .isEqualTo(new AcquireRequest(
                        0x9000_0001,
                        Endpoint.HOST_WIDE,
                        Endpoint.parse("coap://device-1"),
                        Optional.of(Endpoint.parse("coap://proxy")),
                        Content.MESSAGE,
                        Form.SAMD,
                        List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8),
                        List.of(new IdentityPattern("ace", Optional.of(IdentityType.TOKEN), "", "{host}")),
                        new PairId(7),
                        new dev.samd.sa.Lifetime(
                                Limits.NONE,
                                new Limits(java.time.Duration.ofHours(1), java.time.Duration.ZERO, 0, 0, 0)),
                        128,
                        42,
                        java.time.Duration.ofSeconds(247)));
        assertThat(claimed).isEqualTo(new Claimed(0x9000_0001, CLAIM));
        assertThat(heard.next()).isEqualTo(new Taken(0x9000_0001, "flushed"));
        assertThat(service.said().get(1).getAccept().getSequence()).isEqualTo(0x9000_0001);
        assertThat(service.said().get(2).getProgress().getStep()).isEqualTo("token");
        assertThat(service.said().get(3).getDecline().getReason()).isEqualTo("busy");
    }

    @Test
    void eventsOfInstalledSasAreHeard() throws InterruptedException {
        client.kmp().register("ace", Set.of(), heard);
        heard.next();

        service.say(
                "ace",
                KmpServiceRegisterResponse.newBuilder()
                        .setEvent(Event.newBuilder()
                                .setKind(dev.samd.v1.EventKind.EVENT_KIND_CONFIRMED)
                                .setTime(Timestamp.newBuilder().setSeconds(5))
                                .setEntry(entry(3, "coap://device-1", 9)))
                        .build());

        WatchItem.Event event = (WatchItem.Event) heard.next();
        assertThat(event.kind()).isEqualTo(EventKind.CONFIRMED);
        assertThat(event.entry().orElseThrow().membership().pair()).isEqualTo(new PairId(9));
    }

    @Test
    void secondRegistrationOfANameIsRefused() throws InterruptedException {
        client.kmp().register("ace", Set.of(), heard);
        heard.next();
        Heard second = new Heard();

        client.kmp().register("ace", Set.of(), second);

        SaException refusal = (SaException) second.next();
        assertThat(refusal.error()).isEqualTo(SaError.ALREADY_REGISTERED);
    }

    @Test
    void closedSessionIsUnregisteredAndHearsNothingMore() throws InterruptedException {
        KmpSession session = client.kmp().register("ace", Set.of(), heard);
        heard.next();

        session.close();
        await().until(() -> !service.isRegistered("ace"));
        session.accept(1);
        Heard second = new Heard();
        client.kmp().register("ace", Set.of(), second);
        second.next();

        assertThat(heard.items).isEmpty();
        assertThat(service.said()).hasSize(2);
    }

    @Test
    void daemonThatGoesAwayOrStopsEndsTheRegistration() throws InterruptedException {
        client.kmp().register("ace", Set.of(), heard);
        heard.next();
        service.end("ace");
        assertThat(((SaException) heard.next()).error()).isEqualTo(SaError.SHUTTING_DOWN);

        client.kmp().register("ace", Set.of(), heard);
        heard.next();
        daemon.close();
        assertThat(heard.next()).isInstanceOf(SamdUnavailableException.class);

        client.kmp().register("ace", Set.of(), heard);
        assertThat(heard.next()).isInstanceOf(SamdUnavailableException.class);
    }

    @Test
    void incomprehensibleItemEndsTheRegistrationOnce() throws InterruptedException {
        client.kmp().register("ace", Set.of(), heard);
        heard.next();

        service.say("ace", KmpServiceRegisterResponse.getDefaultInstance());

        assertThat(heard.next()).isInstanceOf(SamdUnavailableException.class);
        await().until(() -> !service.isRegistered("ace"));
        assertThat(heard.items).isEmpty();
    }

    @Test
    void closedClientRegistersNothing() {
        client.close();

        assertThatThrownBy(() -> client.kmp().register("ace", Set.of(), heard))
                .isInstanceOf(SamdUnavailableException.class);
    }

    @Test
    void failureNamesTheClaimAndIsCutWhereItIsTooLong() {
        client.kmp().failAcquire(new AcquireTie(5, CLAIM), 110, "x".repeat(300));

        assertThat(service.failed().get(0).getSequence()).isEqualTo(5);
        assertThat(service.failed().get(0).getErrno()).isEqualTo(110);
        assertThat(service.failed().get(0).getReason()).hasSize(256);
        assertThat(catchThrowableOfType(SaException.class, () -> client.kmp().failAcquire(AcquireTie.NONE, 110, "late"))
                        .error())
                .isEqualTo(SaError.STALE_ACQUIRE);
    }

    @Test
    void recalledPairsComeWithWhatTheirKmpGaveAlong() {
        service.put(recalled(9, "coap://device-1"));
        service.put(recalled(10, "coap://device-2"));

        List<RecalledPair> all = client.kmp().recall("ace");
        Optional<RecalledPair> one = client.kmp().recall("ace", new PairId(10));
        Optional<RecalledPair> none = client.kmp().recall("ace", new PairId(11));

        assertThat(all).extracting(RecalledPair::id).containsExactly(new PairId(9), new PairId(10));
        assertThat(all.get(0).inbound().peer()).isEqualTo(Endpoint.parse("coap://device-1"));
        assertThat(all.get(0).inbound().membership().role()).contains(PairRole.RESPONDER);
        assertThat(all.get(0).kmpPrivate().sameAs(KeyMaterial.adopt(new byte[] {1, 2, 9})))
                .isTrue();
        assertThat(one.orElseThrow().id()).isEqualTo(new PairId(10));
        assertThat(none).isEmpty();
        all.get(0).close();
        assertThat(all.get(0).kmpPrivate().borrow()).isNull();
    }

    @Test
    void referenceIsResolvedForItsOwnPrincipalAlone() {
        service.opened(ByteString.fromHex("aa"), entry(3, "coap://device-1", 9));

        assertThat(client.kmp().resolve("uid:7", Octets.ofHex("aa")).id()).isEqualTo(new SaId(3));
        assertThat(catchThrowableOfType(SaException.class, () -> client.kmp().resolve("uid:8", Octets.ofHex("aa")))
                        .error())
                .isEqualTo(SaError.INVALID_REFERENCE);
    }

    @Test
    void reservationCarriesTheClaim() {
        client.sadb().getSpi(Endpoint.parse("coap://device-1"), Endpoint.HOST_WIDE, new AcquireTie(5, CLAIM));

        assertThat(sadb.reserved().get(0).getAcquireSequence()).isEqualTo(5);
        assertThat(sadb.reserved().get(0).getClaim()).isEqualTo(FakeKmp.CLAIM);
    }

    private static Acquire acquire() {
        return Acquire.newBuilder()
                .setSequence(0x9000_0001)
                .setTarget("coap://device-1")
                .setVia("coap://proxy:5683")
                .addSuites(0xc0a8)
                .addSuites(0xfff0)
                .addAcceptableIdentities(dev.samd.v1.IdentityPattern.newBuilder()
                        .setKmp("ace")
                        .setType(dev.samd.v1.IdentityType.IDENTITY_TYPE_TOKEN)
                        .setValue("{host}"))
                .setReplaces(7)
                .setLifetime(Lifetime.newBuilder()
                        .setHard(dev.samd.v1.Limits.newBuilder()
                                .setAddTime(Duration.newBuilder().setSeconds(3600))))
                .setWindow(128)
                .setReqid(42)
                .setPatience(Duration.newBuilder().setSeconds(247))
                .build();
    }

    private static KmpServiceRecallResponse.InstalledPair recalled(long id, String peer) {
        return KmpServiceRecallResponse.InstalledPair.newBuilder()
                .setPairId(id)
                .setInbound(entry(2 * id, peer, id))
                .setOutbound(entry(2 * id + 1, peer, id))
                .setKmpPrivate(ByteString.copyFrom(new byte[] {1, 2, (byte) id}))
                .build();
    }

    private static SaEntry entry(long id, String peer, long pair) {
        return FakeSadb.entry(
                        id,
                        SaParameters.newBuilder()
                                .setSpi(ByteString.fromHex("01"))
                                .setPeer(peer)
                                .build())
                .toBuilder()
                .setState(SaState.SA_STATE_MATURE)
                .setPairId(pair)
                .setRole(dev.samd.v1.PairRole.PAIR_ROLE_RESPONDER)
                .build();
    }

    private record Claimed(int sequence, Octets claim) {}

    private record Taken(int sequence, String reason) {}

    /** Everything that was heard, in order. */
    private static final class Heard implements KmpListener {
        private final BlockingQueue<Object> items = new LinkedBlockingQueue<>();

        Object next() throws InterruptedException {
            Object item = items.poll(20, TimeUnit.SECONDS);
            assertThat(item).isNotNull();
            return item;
        }

        @Override
        public void onSupported(KmpSupport support) {
            items.add(support);
        }

        @Override
        public void onAcquire(AcquireRequest acquire) {
            items.add(acquire);
        }

        @Override
        public void onClaim(int sequence, Octets claim) {
            items.add(new Claimed(sequence, claim));
        }

        @Override
        public void onWithdrawn(int sequence, String reason) {
            items.add(new Taken(sequence, reason));
        }

        @Override
        public void onEvent(WatchItem.Event event) {
            items.add(event);
        }

        @Override
        public void onEnd(RuntimeException failure) {
            items.add(failure);
        }
    }
}
