// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.samd.v1.Acquire;
import dev.samd.v1.Direction;
import dev.samd.v1.Identity;
import dev.samd.v1.IdentityType;
import dev.samd.v1.KmpServiceGrpc;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.KmpServiceRegisterRequest.Hello;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaType;
import dev.samd.v1.SadbServiceInstallPairRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A KMP that does what the test says. */
final class KmpClient
        implements ClientResponseObserver<KmpServiceRegisterRequest, KmpServiceRegisterResponse>, AutoCloseable {
    private final BlockingQueue<KmpServiceRegisterResponse> told = new LinkedBlockingQueue<>();
    /** Ends with null when the stream was completed, or with its failure. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    private boolean reading = true;
    private ClientCallStreamObserver<KmpServiceRegisterRequest> requests;

    private KmpClient() {}

    /** A stream on which nothing was said yet. */
    static KmpClient silent(DaemonFixture f) {
        KmpClient client = new KmpClient();
        KmpServiceGrpc.newStub(f.channel.channel()).register(client);
        return client;
    }

    /** A KMP that asks to be registered, over any connection. */
    static KmpClient registering(Channel channel, String kmp) {
        KmpClient client = new KmpClient();
        KmpServiceGrpc.newStub(channel).register(client);
        client.send(KmpServiceRegisterRequest.newBuilder()
                .setHello(Hello.newBuilder().setKmp(kmp).addTypes(SaType.SA_TYPE_DTLS12_RECORD)));
        return client;
    }

    /** Waits until it is registered, or refused. */
    void awaitAnswer() {
        Awaitility.await().until(() -> ended.isDone() || !told.isEmpty());
    }

    /** Throws what it was refused with. */
    void requireRegistered() throws InterruptedException {
        awaitAnswer();
        if (ended.isCompletedExceptionally()) {
            try {
                ended.get();
            } catch (ExecutionException e) {
                throw (StatusRuntimeException) e.getCause();
            }
        }
    }

    /** Leaves, and waits until the daemon knows. */
    @Override
    public void close() {
        if (!ended.isDone()) {
            requests.onCompleted();
        }
        Awaitility.await().until(ended::isDone);
    }

    /** A KMP that has registered. */
    static KmpClient registered(DaemonFixture f, String kmp, String... resources) throws InterruptedException {
        KmpClient client = silent(f);
        client.send(KmpServiceRegisterRequest.newBuilder()
                .setHello(Hello.newBuilder()
                        .setKmp(kmp)
                        .addTypes(SaType.SA_TYPE_DTLS12_RECORD)
                        .addAllResources(List.of(resources))));
        assertThat(client.next().getSupported().getSuitesList()).isNotEmpty();
        return client;
    }

    /** A KMP that has registered, over any connection. Throws what it was refused with. */
    static KmpClient registered(Channel channel, String kmp) throws InterruptedException {
        KmpClient client = registering(channel, kmp);
        client.requireRegistered();
        return client;
    }

    /** A KMP that registers, and reads nothing. */
    static KmpClient deaf(DaemonFixture f, String kmp) {
        KmpClient client = new KmpClient();
        client.reading = false;
        KmpServiceGrpc.newStub(f.channel.channel()).register(client);
        client.send(KmpServiceRegisterRequest.newBuilder()
                .setHello(Hello.newBuilder().setKmp(kmp).addTypes(SaType.SA_TYPE_DTLS12_RECORD)));
        return client;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<KmpServiceRegisterRequest> stream) {
        requests = stream;
        if (!reading) {
            stream.disableAutoRequestWithInitial(0);
        }
    }

    /** Reads on, for the end of the stream. */
    void read() {
        requests.request(Integer.MAX_VALUE);
    }

    void send(KmpServiceRegisterRequest.Builder request) {
        requests.onNext(request.build());
    }

    void leave() {
        requests.onCompleted();
    }

    void die() {
        requests.cancel("killed", null);
    }

    /** What it is told next. */
    KmpServiceRegisterResponse next() throws InterruptedException {
        KmpServiceRegisterResponse next = told.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("what the KMP is told").isNotNull();
        return next;
    }

    boolean wasToldNothing() {
        return told.isEmpty();
    }

    /** Accepts an ACQUIRE and gives the claim. */
    ByteString accept(Acquire acquire) throws InterruptedException {
        send(KmpServiceRegisterRequest.newBuilder()
                .setAccept(KmpServiceRegisterRequest.Accept.newBuilder().setSequence(acquire.getSequence())));
        KmpServiceRegisterResponse next = next();
        assertThat(next.getClaim().getSequence()).isEqualTo(acquire.getSequence());
        return next.getClaim().getClaim();
    }

    /** A pair that answers an ACQUIRE, for SPIs that begin with {@code prefix}. */
    SadbServiceInstallPairRequest.Builder answer(Acquire acquire, ByteString claim, String prefix, int keySeed) {
        return SadbServiceInstallPairRequest.newBuilder()
                .setAcquireSequence(acquire.getSequence())
                .setClaim(claim)
                .setOutbound(end(Direction.DIRECTION_OUTBOUND, prefix + "01", acquire))
                .setOutboundKeys(DaemonFixture.keys(keySeed))
                .setInbound(end(Direction.DIRECTION_INBOUND, prefix + "02", acquire))
                .setInboundKeys(DaemonFixture.keys(keySeed + 1));
    }

    private static SaParameters end(Direction direction, String spi, Acquire acquire) {
        return DaemonFixture.parameters(direction, spi)
                .setPeer(acquire.getTarget())
                .setLocal(acquire.getLocal())
                .setPeerIdentity(Identity.newBuilder()
                        .setKmp("ace")
                        .setType(IdentityType.IDENTITY_TYPE_TOKEN)
                        .setIssuer("coaps://as.example")
                        .setValue(acquire.getTarget()))
                .build();
    }

    @Override
    public void onNext(KmpServiceRegisterResponse message) {
        told.add(message);
    }

    @Override
    public void onError(Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        ended.complete(null);
    }
}
