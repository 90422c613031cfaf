// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.client.AcquireRequest;
import dev.samd.client.AcquireTie;
import dev.samd.client.KmpListener;
import dev.samd.client.KmpSession;
import dev.samd.client.KmpSupport;
import dev.samd.client.NewPair;
import dev.samd.client.RecalledPair;
import dev.samd.client.SaEntry;
import dev.samd.client.SaSelector;
import dev.samd.client.SamdClient;
import dev.samd.client.WatchItem;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Need;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.drive.AcquireClaim;
import dev.samd.kmp.drive.KeyManagement;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The daemon over its socket. Calls wait on threads of their own, so that no driver does. */
final class DaemonKeys implements KeyManagement, AutoCloseable {
    private static final int THREADS = 4;
    private static final int WAITING = 4096;

    private final SamdClient client;
    private final AtomicInteger names = new AtomicInteger();
    private final ThreadPoolExecutor calls =
            new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
                Thread thread = new Thread(work, "samd-kmp-call-" + names.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    /** @param client stays the caller's to close */
    DaemonKeys(SamdClient client) {
        this.client = client;
    }

    @Override
    public Registration register(String kmp, List<String> resources, Listener listener) {
        KmpSession session = client.kmp().register(kmp, new LinkedHashSet<>(resources), new Ear(listener));
        return new Registration() {
            @Override
            public void accept(int sequence) {
                session.accept(sequence);
            }

            @Override
            public void decline(int sequence, String reason) {
                session.decline(sequence, reason);
            }

            @Override
            public void progress(int sequence, String step) {
                session.progress(sequence, step);
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    @Override
    public CompletionStage<Spi> reserveSpi(AcquireClaim claim, Endpoint peer, Endpoint local) {
        return call(() -> client.sadb().getSpi(peer, local, tie(claim)).spi());
    }

    @Override
    public CompletionStage<PairId> install(AcquireClaim claim, Octets requestId, KeyedPair pair) {
        return call(() -> client.sadb()
                .installPair(new NewPair(
                        pair.inbound(),
                        pair.inboundKeys(),
                        pair.outbound(),
                        pair.outboundKeys(),
                        pair.supersedes(),
                        requestId,
                        Optional.of(pair.role()),
                        pair.unconfirmed(),
                        pair.kmpPrivate(),
                        tie(claim)))
                .pair());
    }

    @Override
    public CompletionStage<Void> deleteUnconfirmed(String kmp, PairId pair) {
        return call(() -> {
                    client.kmp().recall(kmp, pair).ifPresent(this::deleteUnconfirmed);
                    return true;
                })
                .thenAccept(done -> {});
    }

    private void deleteUnconfirmed(RecalledPair pair) {
        pair.close();
        if (pair.inbound().flags().contains(SaEntry.Flag.UNCONFIRMED)) {
            client.sadb().deletePair(new SaSelector.ById(pair.inbound().id()));
        }
    }

    @Override
    public CompletionStage<Void> failAcquire(AcquireClaim claim, int errno, String reason) {
        return call(() -> {
                    client.kmp().failAcquire(tie(claim), errno, reason);
                    return true;
                })
                .thenAccept(done -> {});
    }

    @Override
    public CompletionStage<List<InstalledPair>> recall(String kmp) {
        return call(() -> {
            List<InstalledPair> pairs = new ArrayList<>();
            for (RecalledPair pair : client.kmp().recall(kmp)) {
                installed(pair).ifPresentOrElse(pairs::add, pair::close);
            }
            return pairs;
        });
    }

    @Override
    public CompletionStage<InstalledPair> resolve(String kmp, String principal, Octets reference) {
        return call(() -> {
            SaEntry one = client.kmp().resolve(principal, reference);
            PairId pair = one.membership().pair();
            Optional<InstalledPair> own = pair.isNone()
                    ? Optional.empty()
                    : client.kmp().recall(kmp, pair).flatMap(DaemonKeys::installed);
            return own.orElseGet(() -> of(one));
        });
    }

    /** The pair of an SA that another KMP installed. */
    private InstalledPair of(SaEntry one) {
        SaEntry other = one.membership()
                .partner()
                .map(id -> client.sadb().get(new SaSelector.ById(id)))
                .orElseThrow(() -> gone(one));
        boolean inbound = one.direction() == Direction.INBOUND;
        return installed(
                        one.membership().pair(),
                        inbound ? one : other,
                        inbound ? other : one,
                        KeyMaterial.adopt(new byte[0]))
                .orElseThrow(() -> gone(one));
    }

    private static SaException gone(SaEntry entry) {
        return new SaException(SaError.NO_SUCH_SA, entry.id().toString(), "SA " + entry.id() + " is in no pair");
    }

    private static Optional<InstalledPair> installed(RecalledPair pair) {
        return installed(pair.id(), pair.inbound(), pair.outbound(), pair.kmpPrivate());
    }

    private static Optional<InstalledPair> installed(
            PairId id, SaEntry inbound, SaEntry outbound, KeyMaterial kmpPrivate) {
        Optional<SaParameters> in = inbound.parameters();
        Optional<SaParameters> out = outbound.parameters();
        if (in.isEmpty() || out.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new InstalledPair(
                id,
                in.get(),
                out.get(),
                inbound.membership().role().orElse(PairRole.RESPONDER),
                inbound.flags().contains(SaEntry.Flag.UNCONFIRMED),
                inbound.membership().supersedes(),
                kmpPrivate));
    }

    private static AcquireTie tie(AcquireClaim claim) {
        return new AcquireTie(claim.sequence(), claim.claim());
    }

    private <T> CompletableFuture<T> call(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, calls);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Lets what is under way finish, for a short while. */
    @Override
    public void close() {
        calls.shutdown();
        try {
            if (!calls.awaitTermination(2, TimeUnit.SECONDS)) {
                calls.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            calls.shutdownNow();
        }
    }

    /** What the daemon says, in the words of the driver. */
    private record Ear(Listener listener) implements KmpListener {
        @Override
        public void onSupported(KmpSupport support) {
            listener.registered();
        }

        @Override
        public void onAcquire(AcquireRequest acquire) {
            listener.acquire(new Need(
                    acquire.sequence(),
                    acquire.local(),
                    acquire.target(),
                    acquire.via(),
                    acquire.content(),
                    acquire.form(),
                    acquire.suites(),
                    acquire.acceptable(),
                    acquire.replaces(),
                    acquire.lifetime(),
                    acquire.window() == 0 ? SaParameters.DEFAULT_WINDOW : acquire.window(),
                    acquire.reqid()));
        }

        @Override
        public void onClaim(int sequence, Octets claim) {
            listener.claimed(sequence, claim);
        }

        @Override
        public void onWithdrawn(int sequence, String reason) {
            listener.withdrawn(sequence, reason);
        }

        @Override
        public void onEvent(WatchItem.Event event) {
            PairId pair = event.entry().map(entry -> entry.membership().pair()).orElse(PairId.NONE);
            if (pair.isNone()) {
                return;
            }
            boolean hard = event.expiry().map(WatchItem.Expiry::hard).orElse(false);
            switch (event.kind()) {
                case CONFIRMED -> listener.happened(new PairEvent.Confirmed(pair));
                case DELETE -> listener.happened(new PairEvent.Ended(pair, event.closeNotify()));
                case EXPIRE -> {
                    if (hard) {
                        listener.happened(new PairEvent.Ended(pair, event.closeNotify()));
                    }
                }
                // The rest is not about a pair that stood.
                default -> {}
            }
        }

        @Override
        public void onEnd(RuntimeException failure) {
            listener.ended(String.valueOf(failure.getMessage()));
        }
    }
}
