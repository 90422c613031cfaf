// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import com.google.protobuf.ByteString;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.KmpServiceFailAcquireRequest;
import dev.samd.v1.KmpServiceFailAcquireResponse;
import dev.samd.v1.KmpServiceGrpc.KmpServiceImplBase;
import dev.samd.v1.KmpServiceRecallRequest;
import dev.samd.v1.KmpServiceRecallResponse;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.v1.KmpServiceRegisterResponse.Supported;
import dev.samd.v1.KmpServiceResolveRequest;
import dev.samd.v1.KmpServiceResolveResponse;
import dev.samd.v1.SaEntry;
import dev.samd.wire.ErrorWire;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A KMP service without acquires of its own: says what it is told to say, claims whatever is accepted, and remembers what it
 * was told. Thread-safe.
 */
public final class FakeKmp extends KmpServiceImplBase {
    /** The claim on every acquire. */
    public static final ByteString CLAIM = ByteString.fromHex("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf");

    private final Map<String, StreamObserver<KmpServiceRegisterResponse>> registered = new LinkedHashMap<>();
    private final List<KmpServiceRegisterRequest> said = new ArrayList<>();
    private final List<KmpServiceFailAcquireRequest> failed = new ArrayList<>();
    private final List<KmpServiceRecallResponse.InstalledPair> pairs = new ArrayList<>();
    private final Map<ByteString, SaEntry> opened = new LinkedHashMap<>();
    private int recalls;

    /** Whether a KMP of that name is registered. */
    public synchronized boolean isRegistered(String kmp) {
        return registered.containsKey(kmp);
    }

    /** Says something to a registered KMP. */
    public synchronized void say(String kmp, KmpServiceRegisterResponse item) {
        StreamObserver<KmpServiceRegisterResponse> stream = registered.get(kmp);
        if (stream == null) {
            throw new IllegalStateException("no KMP \"" + kmp + "\" is registered");
        }
        stream.onNext(item);
    }

    /** Ends a registration as a daemon does that stops. */
    public synchronized void end(String kmp) {
        StreamObserver<KmpServiceRegisterResponse> stream = registered.remove(kmp);
        if (stream != null) {
            stream.onError(ErrorWire.toStatus(new SaException(SaError.SHUTTING_DOWN, "", "samd is stopping")));
        }
    }

    /** Gives this pair to everybody who recalls from now on. */
    public synchronized void put(KmpServiceRecallResponse.InstalledPair pair) {
        pairs.add(pair);
    }

    /** The record of this reference was opened under this SA, by "uid:7" alone. */
    public synchronized void opened(ByteString reference, SaEntry entry) {
        opened.put(reference, entry);
    }

    /** Everything that registered KMPs said, hello included. */
    public synchronized List<KmpServiceRegisterRequest> said() {
        return List.copyOf(said);
    }

    /** Every negative ACQUIRE. */
    public synchronized List<KmpServiceFailAcquireRequest> failed() {
        return List.copyOf(failed);
    }

    /** How often pairs were recalled. */
    public synchronized int recalls() {
        return recalls;
    }

    @Override
    public StreamObserver<KmpServiceRegisterRequest> register(StreamObserver<KmpServiceRegisterResponse> answers) {
        return new StreamObserver<>() {
            private String name = "";

            @Override
            public void onNext(KmpServiceRegisterRequest item) {
                synchronized (FakeKmp.this) {
                    said.add(item);
                    if (item.hasHello()) {
                        hello(item.getHello().getKmp());
                    } else if (item.hasAccept()) {
                        answers.onNext(KmpServiceRegisterResponse.newBuilder()
                                .setClaim(KmpServiceRegisterResponse.Claim.newBuilder()
                                        .setSequence(item.getAccept().getSequence())
                                        .setClaim(CLAIM))
                                .build());
                    }
                }
            }

            private void hello(String kmp) {
                if (registered.containsKey(kmp)) {
                    answers.onError(ErrorWire.toStatus(new SaException(
                            SaError.ALREADY_REGISTERED, kmp, "KMP \"" + kmp + "\" is registered already")));
                    return;
                }
                name = kmp;
                registered.put(kmp, answers);
                answers.onNext(KmpServiceRegisterResponse.newBuilder()
                        .setSupported(Supported.newBuilder()
                                .addSuites(0xc0a8)
                                .addSuites(0xfff0)
                                .addVersions(0xfefd)
                                .addVersions(0x1111)
                                .setMaxSpiLength(20)
                                .setMaxRecord(1 << 14))
                        .build());
            }

            @Override
            public void onError(Throwable failure) {
                synchronized (FakeKmp.this) {
                    registered.remove(name, answers);
                }
            }

            @Override
            public void onCompleted() {
                synchronized (FakeKmp.this) {
                    registered.remove(name, answers);
                }
            }
        };
    }

    @Override
    public void failAcquire(
            KmpServiceFailAcquireRequest request, StreamObserver<KmpServiceFailAcquireResponse> observer) {
        answer(observer, () -> {
            if (!request.getClaim().equals(CLAIM)) {
                throw new SaException(SaError.STALE_ACQUIRE, "", "acquire is not the caller's");
            }
            failed.add(request);
            return KmpServiceFailAcquireResponse.getDefaultInstance();
        });
    }

    @Override
    public void recall(KmpServiceRecallRequest request, StreamObserver<KmpServiceRecallResponse> observer) {
        answer(observer, () -> {
            recalls++;
            return KmpServiceRecallResponse.newBuilder().addAllPairs(pairs).build();
        });
    }

    @Override
    public void resolve(KmpServiceResolveRequest request, StreamObserver<KmpServiceResolveResponse> observer) {
        answer(observer, () -> {
            SaEntry entry = opened.get(request.getReference());
            if (entry == null || !request.getPrincipal().equals("uid:7")) {
                throw new SaException(SaError.INVALID_REFERENCE, "", "the reference is not that principal's");
            }
            return KmpServiceResolveResponse.newBuilder().setSa(entry).build();
        });
    }

    private synchronized <T> void answer(StreamObserver<T> observer, Supplier<T> call) {
        try {
            observer.onNext(call.get());
            observer.onCompleted();
        } catch (SaException e) {
            observer.onError(ErrorWire.toStatus(e));
        }
    }
}
