// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceUnprotectRequest;
import dev.samd.wire.ErrorWire;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RecordsTest {
    private static final Endpoint DEVICE = Endpoint.parse("coap://device-1");

    @TempDir
    Path directory;

    private final FakeRecords service = new FakeRecords();
    private FakeDaemon daemon;
    private SamdClient client;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(socket(), service);
        client = SamdClient.connect(socket());
    }

    @AfterEach
    void stop() {
        client.close();
        daemon.close();
    }

    @Test
    void protectCarriesEveryFieldAndGivesTheMessage() {
        ProtectOutcome protectedMessage = client.records()
                .protect(ProtectRequest.of(message(1))
                        .withLocal(Endpoint.parse("coap://client"))
                        .withDefaultTarget(DEVICE)
                        .withInReplyTo(Octets.ofHex("aabb"))
                        .withVia("coap://proxy:5683")
                        .withPatience(Duration.ofMillis(1500)))
                .join();

        RecordServiceProtectRequest sent = service.items().get(0).getProtect();
        assertThat(sent.getLocal()).isEqualTo("coap://client");
        assertThat(sent.getDefaultTarget()).isEqualTo("coap://device-1");
        assertThat(sent.getInReplyTo().toByteArray()).isEqualTo(new byte[] {(byte) 0xaa, (byte) 0xbb});
        assertThat(sent.getVia()).isEqualTo("coap://proxy:5683");
        assertThat(sent.getWaitMs()).isEqualTo(1500);
        assertThat(protectedMessage)
                .isEqualTo(new ProtectedMessage(
                        message(1),
                        Octets.ofHex("0a0b0c"),
                        new SaId(7),
                        Spi.ofHex("3f1a07c2"),
                        DEVICE,
                        Identity.manual("coap://device-1")));
    }

    @Test
    void unprotectCarriesEveryFieldAndGivesMessageAndSender() {
        UnprotectOutcome outcome = client.records()
                .unprotect(UnprotectRequest.of(message(2))
                        .withLocal(Endpoint.parse("coap://server"))
                        .withSource("192.0.2.1:5683")
                        .withInReplyTo(Octets.ofHex("cc"))
                        .withPeer(DEVICE))
                .join();

        RecordServiceUnprotectRequest sent = service.items().get(0).getUnprotect();
        assertThat(sent.getLocal()).isEqualTo("coap://server");
        assertThat(sent.getSource()).isEqualTo("192.0.2.1:5683");
        assertThat(sent.getInReplyTo().toByteArray()).isEqualTo(new byte[] {(byte) 0xcc});
        assertThat(sent.getPeer()).isEqualTo("coap://device-1");
        assertThat(sent.getWaitMs()).isZero();
        assertThat(outcome)
                .isEqualTo(new Opened(
                        message(2),
                        Octets.ofHex("0d0e0f"),
                        5,
                        new Opened.Sender(
                                new SaId(8),
                                Spi.ofHex("3f1a07c2"),
                                new PairId(3),
                                DEVICE,
                                Identity.manual("coap://device-1"),
                                List.of(DEVICE))));
    }

    @Test
    void whatThePolicyLetsPassInClearIsNoProtectedMessage() {
        Octets clear = Octets.of(FakeRecords.BYPASSED, (byte) 1);

        assertThat(client.records().protect(ProtectRequest.of(clear)).join()).isEqualTo(new Bypassed(clear));
        assertThat(client.records().unprotect(UnprotectRequest.of(clear)).join())
                .isEqualTo(new Bypassed(clear))
                .hasToString("Bypassed[2 octets]");
    }

    @Test
    void whatIsNotFreshComesWithItsAnswer() {
        Octets answer = Octets.of(FakeRecords.CHALLENGED, (byte) 1);

        assertThat(client.records().unprotect(UnprotectRequest.of(answer)).join())
                .isEqualTo(new Challenged(answer))
                .hasToString("Challenged[2 octets]");
    }

    @Test
    void whatAPeerDidWrongIsAValue() {
        Octets replayed = Octets.of(FakeRecords.REPLAYED);

        assertThat(client.records().unprotect(UnprotectRequest.of(replayed)).join())
                .isEqualTo(new Discarded(DiscardReason.REPLAY, Optional.of(new SaId(7)), false));
        assertThat(client.records().open(OpenRequest.of(replayed)).join())
                .isEqualTo(new Discarded(DiscardReason.REPLAY, Optional.of(new SaId(7)), false));
    }

    @Test
    void whatTheCallerDidWrongIsTheDaemonsException() {
        CompletableFuture<?> refused = client.records().protect(ProtectRequest.of(Octets.of(FakeRecords.REFUSED)));

        SaException refusal = failure(SaException.class, refused);
        assertThat(refusal.error()).isEqualTo(SaError.NO_USABLE_SA);
        assertThat(refusal.subject()).isEqualTo("coap://x");
        assertThat(refusal).hasMessage("no usable SA for peer coap://x");
    }

    @Test
    void recordsAreSealedAndOpened() {
        SealedRecord sealed = client.records()
                .seal(SealRequest.of(new SaSelector.Outbound(DEVICE, Spi.ofHex("3f1a07c2")), message(3))
                        .withPadding(9)
                        .withLocal(Endpoint.parse("coap://client")))
                .join();
        UnprotectOutcome opened =
                client.records().open(OpenRequest.of(message(4))).join();

        assertThat(sealed.record()).isEqualTo(message(3));
        assertThat(sealed.epoch()).isEqualTo(1);
        assertThat(sealed.sequence()).isEqualTo(42);
        assertThat(service.items().get(0).getSeal().getPadding()).isEqualTo(9);
        assertThat(service.items().get(0).getSeal().getSa().getOutbound().getPeer())
                .isEqualTo("coap://device-1");
        assertThat(opened).isInstanceOfSatisfying(Opened.class, value -> assertThat(value.octets())
                .isEqualTo(message(4)));
    }

    @Test
    void negativePaddingAndPatienceAreRefusedBeforeTheyAreSent() {
        SealRequest padded =
                SealRequest.of(new SaSelector.ById(new SaId(1)), message(1)).withPadding(-1);
        ProtectRequest impatient = ProtectRequest.of(message(1)).withPatience(Duration.ofMillis(-1));

        assertThat(catchThrowableOfType(
                        SaException.class, () -> client.records().seal(padded)))
                .hasMessage("padding is -1, below 0");
        assertThat(catchThrowableOfType(
                                SaException.class, () -> client.records().protect(impatient))
                        .error())
                .isEqualTo(SaError.MALFORMED);
    }

    @Test
    void callsOfOneTurnLeaveTogetherInBoundedBatches() {
        List<CompletableFuture<?>> calls = new ArrayList<>();

        // The completion runs on the loop: what it submits waits there until its turn is over.
        protect(0)
                .thenRun(() -> IntStream.range(0, 600).forEach(i -> calls.add(protect(i))))
                .join();
        calls.forEach(CompletableFuture::join);

        assertThat(service.batches())
                .extracting(RecordServiceStreamRequest::getItemsCount)
                .containsExactly(1, 256, 256, 88);
    }

    @Test
    void batchesAreBoundedByOctetsToo() {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        Octets large = Octets.of(new byte[60_000]);

        protect(0)
                .thenRun(() -> IntStream.range(0, 40)
                        .forEach(i -> calls.add(client.records().protect(ProtectRequest.of(large)))))
                .join();
        calls.forEach(CompletableFuture::join);

        assertThat(service.items()).hasSize(41);
        assertThat(service.batches())
                .allSatisfy(batch -> assertThat(batch.getSerializedSize()).isLessThan((1 << 20) + 1_024));
    }

    @Test
    void noMoreThanTheDaemonReadsIsUnderWay() {
        service.hold();

        List<CompletableFuture<ProtectOutcome>> calls =
                IntStream.range(0, 3_000).mapToObj(this::protect).toList();

        await().until(() -> service.items().size() == 1_024);
        assertThat(calls).noneMatch(CompletableFuture::isDone);
        service.release();
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).join().coap()).isEqualTo(message(i));
        }
    }

    @Test
    void moreThanMayWaitIsRefusedAndTheRestIsServed() {
        client.close();
        client = SamdClient.connect(socket(), new StreamBounds(4, 8, 256, 1 << 20, 66 * 1_024, Duration.ofSeconds(5)));
        service.hold();
        List<CompletableFuture<ProtectOutcome>> underWay =
                IntStream.range(0, 4).mapToObj(this::protect).toList();
        await().until(() -> service.items().size() == 4);
        List<CompletableFuture<ProtectOutcome>> waiting =
                IntStream.range(0, 8).mapToObj(this::protect).toList();

        CompletableFuture<ProtectOutcome> oneMore = protect(99);

        assertThat(failure(SaException.class, oneMore).error()).isEqualTo(SaError.TOO_MANY);
        service.release();
        underWay.forEach(CompletableFuture::join);
        waiting.forEach(CompletableFuture::join);
        assertThat(service.items()).hasSize(12);
    }

    @Test
    void requestsThatWaitForSasHoldUpNeitherWhatArrivesNorResponses() {
        client.close();
        client = SamdClient.connect(socket(), new StreamBounds(4, 8, 256, 1 << 20, 66 * 1_024, Duration.ofSeconds(5)));
        service.hold();
        List<CompletableFuture<ProtectOutcome>> requests =
                IntStream.range(0, 8).mapToObj(this::protect).toList();
        await().until(() -> service.items().size() == 4);

        CompletableFuture<UnprotectOutcome> arrived = client.records().unprotect(UnprotectRequest.of(message(50)));
        CompletableFuture<ProtectOutcome> response =
                client.records().protect(ProtectRequest.of(message(51)).withInReplyTo(Octets.of((byte) 1, (byte) 2)));

        await().until(() -> service.items().size() == 6);
        service.release();
        assertThat(arrived.join()).isInstanceOf(Opened.class);
        assertThat(response.join().coap()).isEqualTo(message(51));
        requests.forEach(CompletableFuture::join);
    }

    @Test
    void brokenStreamFailsWhatWasUnderWayAndRepeatsNothing() {
        service.hold();
        CompletableFuture<UnprotectOutcome> underWay = client.records().unprotect(UnprotectRequest.of(message(5)));
        await().until(() -> service.items().size() == 1);

        service.breakStream(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());

        assertThat(failure(SamdUnavailableException.class, underWay))
                .hasMessage("samd at " + socket() + " cannot be reached: gone");
        assertThat(protect(6).join().coap()).isEqualTo(message(6));
        assertThat(service.items()).hasSize(2);
    }

    @Test
    void whatWasNotSentGoesToTheNextStream() {
        client.close();
        client = SamdClient.connect(socket(), new StreamBounds(2, 64, 256, 1 << 20, 66 * 1_024, Duration.ofSeconds(5)));
        service.hold();
        List<CompletableFuture<ProtectOutcome>> calls =
                IntStream.range(0, 6).mapToObj(this::protect).toList();
        await().until(() -> service.items().size() == 2);

        service.breakStream(Status.UNAVAILABLE.asRuntimeException());

        failure(SamdUnavailableException.class, calls.get(0));
        failure(SamdUnavailableException.class, calls.get(1));
        for (int i = 2; i < 6; i++) {
            assertThat(calls.get(i).join().coap()).isEqualTo(message(i));
        }
        assertThat(service.items()).hasSize(6);
    }

    @Test
    void daemonThatStopsSaysSo() {
        service.hold();
        CompletableFuture<ProtectOutcome> underWay = protect(1);
        await().until(() -> service.items().size() == 1);

        service.breakStream(
                ErrorWire.toStatus(new SaException(SaError.SHUTTING_DOWN, "samd", "the daemon is stopping")));

        assertThat(failure(SaException.class, underWay).error()).isEqualTo(SaError.SHUTTING_DOWN);
    }

    @Test
    void killedDaemonFailsTheCallAndItsSuccessorServesTheNext() {
        service.hold();
        CompletableFuture<ProtectOutcome> underWay = protect(1);
        await().until(() -> service.items().size() == 1);

        daemon.close();

        failure(SamdUnavailableException.class, underWay);
        SamdUnavailableException away = failure(SamdUnavailableException.class, protect(2));
        assertThat(away.address()).isEqualTo(socket().toString());
        assertThat(away).hasMessageContaining("samd at " + socket() + " cannot be reached: ");
        service.forget();
        daemon = FakeDaemon.start(socket(), service);
        assertThat(protect(3).join().coap()).isEqualTo(message(3));
    }

    @Test
    void answerThatDoesNotComeIsNotWaitedForForever() {
        client.close();
        client = SamdClient.connect(socket(), new StreamBounds(8, 8, 256, 1 << 20, 66 * 1_024, Duration.ZERO));
        service.hold();

        CompletableFuture<ProtectOutcome> late =
                client.records().protect(ProtectRequest.of(message(1)).withPatience(Duration.ofMillis(1)));

        assertThat(failure(SaException.class, late).error()).isEqualTo(SaError.TIMED_OUT);
        service.release();
        assertThat(protect(2).join().coap()).isEqualTo(message(2));
    }

    @Test
    void itemBeyondEveryMessageIsRefusedHere() {
        CompletableFuture<ProtectOutcome> huge =
                client.records().protect(ProtectRequest.of(Octets.of(new byte[70_000])));

        assertThat(failure(SaException.class, huge).error()).isEqualTo(SaError.TOO_LARGE);
        assertThat(protect(1).join().coap()).isEqualTo(message(1));
        assertThat(service.items()).hasSize(1);
    }

    @Test
    void cancelledCallThatStillWaitsIsNotSent() {
        client.close();
        client = SamdClient.connect(socket(), new StreamBounds(1, 8, 256, 1 << 20, 66 * 1_024, Duration.ofSeconds(5)));
        service.hold();
        CompletableFuture<ProtectOutcome> first = protect(1);
        await().until(() -> service.items().size() == 1);
        CompletableFuture<ProtectOutcome> second = protect(2);
        CompletableFuture<ProtectOutcome> third = protect(3);

        second.cancel(false);
        service.release();

        first.join();
        third.join();
        assertThat(service.items())
                .extracting(item -> Octets.of(item.getProtect().getCoap().toByteArray()))
                .containsExactly(message(1), message(3));
    }

    @Test
    void closedClientFailsWhatIsUnderWayAndWhatComesAfter() {
        service.hold();
        CompletableFuture<ProtectOutcome> underWay = protect(1);
        await().until(() -> service.items().size() == 1);

        client.close();

        assertThat(failure(SamdUnavailableException.class, underWay)).hasMessageContaining("closed");
        assertThat(failure(SamdUnavailableException.class, protect(2))).hasMessageContaining("closed");
    }

    @Test
    void waitingInsideACompletionIsRefusedInsteadOfWaitingForever() {
        CompletableFuture<Caller> inside =
                protect(1).thenApply(done -> client.admin().whoAmI());

        assertThat(failure(IllegalStateException.class, inside)).hasMessageContaining("Async");
    }

    @Test
    void manyThreadsGetTheirOwnAnswers() {
        List<CompletableFuture<Boolean>> threads = IntStream.range(0, 8)
                .mapToObj(thread -> CompletableFuture.supplyAsync(() -> IntStream.range(0, 1_500)
                        .mapToObj(i -> thread * 10_000 + i)
                        .map(i -> protect(i).thenApply(answer -> answer.coap().equals(message(i))))
                        .toList()
                        .stream()
                        .allMatch(CompletableFuture::join)))
                .toList();

        assertThat(threads).allMatch(CompletableFuture::join);
        assertThat(service.items()).hasSize(12_000);
    }

    @Test
    void messagesAreNotPrinted() {
        Octets secret = Octets.ofHex("5ec7e75ec7e7");

        assertThat(ProtectRequest.of(secret).toString()).doesNotContain(secret.toHex());
        assertThat(SealRequest.of(new SaSelector.ById(new SaId(1)), secret).toString())
                .doesNotContain(secret.toHex());
        assertThat(client.records()
                        .unprotect(UnprotectRequest.of(secret))
                        .join()
                        .toString())
                .doesNotContain(secret.toHex());
    }

    private Path socket() {
        return directory.resolve("s");
    }

    private CompletableFuture<ProtectOutcome> protect(int number) {
        return client.records().protect(ProtectRequest.of(message(number)));
    }

    private static Octets message(int number) {
        return Octets.of((byte) 0x40, (byte) 1, (byte) (number >> 16), (byte) (number >> 8), (byte) number);
    }

    private static <T extends Throwable> T failure(Class<T> type, CompletableFuture<?> future) {
        CompletionException wrapped =
                catchThrowableOfType(CompletionException.class, () -> future.orTimeout(20, TimeUnit.SECONDS)
                        .join());
        assertThat(wrapped).isNotNull();
        assertThat(wrapped.getCause()).isInstanceOf(type);
        return type.cast(wrapped.getCause());
    }
}
