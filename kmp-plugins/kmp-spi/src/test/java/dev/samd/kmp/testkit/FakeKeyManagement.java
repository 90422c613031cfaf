// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Need;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.drive.AcquireClaim;
import dev.samd.kmp.drive.KeyManagement;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A daemon in memory: claims, reservations, pairs with their keys. Remembers everything, and fails when it is told to. */
public final class FakeKeyManagement implements KeyManagement {
    /**
     * A pair that was installed, with copies of its keys.
     *
     * @param given the object that the KMP handed over, to see whether it was closed
     */
    public record Installed(
            PairId id,
            SaParameters inbound,
            Octets inboundKey,
            SaParameters outbound,
            Octets outboundKey,
            PairRole role,
            boolean unconfirmed,
            PairId supersedes,
            Octets kmpPrivate,
            KeyedPair given) {
        private Installed confirmed() {
            return new Installed(
                    id, inbound, inboundKey, outbound, outboundKey, role, false, supersedes, kmpPrivate, given);
        }
    }

    /** A negative ACQUIRE. */
    public record Failure(int errno, String reason) {}

    private final Map<String, Listener> registered = new LinkedHashMap<>();
    private final Map<Integer, Need> offered = new LinkedHashMap<>();
    private final Map<Integer, Octets> claims = new LinkedHashMap<>();
    private final Map<Integer, Failure> failures = new LinkedHashMap<>();
    private final Map<Integer, String> declined = new LinkedHashMap<>();
    private final List<String> steps = new ArrayList<>();
    private final Map<Spi, Integer> reserved = new LinkedHashMap<>();
    private final Map<PairId, Installed> pairs = new LinkedHashMap<>();
    private final Map<Octets, PairId> answered = new LinkedHashMap<>();
    private final List<KeyedPair> given = new ArrayList<>();
    private final Deque<SaException> refuseReservations = new ArrayDeque<>();
    private final Deque<SaException> refuseInstallations = new ArrayDeque<>();
    private int lostReplies;
    private boolean away;
    private int lastSpi;
    private long lastPair;
    private int registrations;

    /** @param first its SPIs begin behind this number */
    public FakeKeyManagement(int first) {
        this.lastSpi = first;
        this.lastPair = first;
    }

    /** The next reservation is refused. */
    public void refuseReservation(SaException refusal) {
        refuseReservations.add(refusal);
    }

    /** The next installation is refused. */
    public void refuseInstallation(SaException refusal) {
        refuseInstallations.add(refusal);
    }

    /** The answers to the next installations are lost; they have their effect. */
    public void loseReplies(int number) {
        lostReplies = number;
    }

    /** The daemon goes away, and every registration ends; claims are lost. */
    public void goAway() {
        away = true;
        claims.clear();
        List<Listener> all = List.copyOf(registered.values());
        registered.clear();
        all.forEach(listener -> listener.ended("samd went away"));
    }

    /** The daemon is there again, with the pairs it had. */
    public void comeBack() {
        away = false;
    }

    /** Offers an acquire to a registered KMP. */
    public void offer(String kmp, Need need) {
        Listener listener = registered.get(kmp);
        if (listener == null) {
            throw new IllegalStateException("no KMP \"" + kmp + "\" is registered");
        }
        offered.put(need.sequence(), need);
        listener.acquire(need);
    }

    /** Takes an acquire back. */
    public void withdraw(String kmp, int sequence, String reason) {
        over(sequence);
        Listener listener = registered.get(kmp);
        if (listener != null) {
            listener.withdrawn(sequence, reason);
        }
    }

    /** Tells what happened to a pair. */
    public void tell(String kmp, PairEvent event) {
        if (event instanceof PairEvent.Confirmed) {
            pairs.computeIfPresent(event.pair(), (same, pair) -> pair.confirmed());
        }
        Listener listener = registered.get(kmp);
        if (listener != null) {
            listener.happened(event);
        }
    }

    /** Forgets a pair, as if it had ended. */
    public void forget(PairId pair) {
        pairs.remove(pair);
    }

    /** Whether a KMP of that name is registered. */
    public boolean isRegistered(String kmp) {
        return registered.containsKey(kmp);
    }

    /** How often KMPs registered. */
    public int registrations() {
        return registrations;
    }

    /** Pairs that stand, in the order of their installation. */
    public List<Installed> pairs() {
        return List.copyOf(pairs.values());
    }

    /** SPIs that are reserved, and under which nothing is installed yet. Those of an acquire go with it. */
    public Set<Spi> reserved() {
        return Set.copyOf(reserved.keySet());
    }

    /** Negative ACQUIREs by their sequence. */
    public Map<Integer, Failure> failures() {
        return Map.copyOf(failures);
    }

    /** Acquires that were left to the next KMP. */
    public Map<Integer, String> declined() {
        return Map.copyOf(declined);
    }

    /** Progress of all acquires. */
    public List<String> steps() {
        return List.copyOf(steps);
    }

    /** Whether an acquire waits for its KMP. */
    public boolean isClaimed(int sequence) {
        return claims.containsKey(sequence);
    }

    /** Keys that were handed over and are not closed. */
    public long openKeys() {
        return given.stream()
                .flatMap(pair -> List.of(
                        pair.inboundKeys().key(),
                        pair.inboundKeys().iv(),
                        pair.outboundKeys().key(),
                        pair.outboundKeys().iv(),
                        pair.kmpPrivate())
                        .stream())
                .filter(FakeKeyManagement::isOpen)
                .count();
    }

    private static boolean isOpen(KeyMaterial material) {
        if (material.borrow() == null) {
            return false;
        }
        material.giveBack();
        return true;
    }

    @Override
    public Registration register(String kmp, List<String> resources, Listener listener) {
        if (away) {
            listener.ended("no socket is there");
        } else if (registered.putIfAbsent(kmp, listener) != null) {
            listener.ended("KMP \"" + kmp + "\" is registered already");
        } else {
            registrations++;
            listener.registered();
        }
        return new Registration() {
            @Override
            public void accept(int sequence) {
                if (registered.get(kmp) == listener && offered.remove(sequence) != null) {
                    Octets claim = Octets.ofHex(String.format("c1a1%08x", sequence));
                    claims.put(sequence, claim);
                    listener.claimed(sequence, claim);
                }
            }

            @Override
            public void decline(int sequence, String reason) {
                offered.remove(sequence);
                declined.put(sequence, reason);
            }

            @Override
            public void progress(int sequence, String step) {
                steps.add(step);
            }

            @Override
            public void close() {
                registered.remove(kmp, listener);
            }
        };
    }

    @Override
    public CompletionStage<Spi> reserveSpi(AcquireClaim claim, Endpoint peer, Endpoint local) {
        return answer(() -> {
            refuse(refuseReservations);
            requireClaim(claim);
            Spi spi = new Spi(Octets.ofHex(String.format("%08x", ++lastSpi)));
            reserved.put(spi, claim.sequence());
            return spi;
        });
    }

    @Override
    public CompletionStage<PairId> install(AcquireClaim claim, Octets requestId, KeyedPair pair) {
        given.add(pair);
        CompletionStage<PairId> answer = answer(() -> {
            PairId before = answered.get(requestId);
            if (before != null) {
                return before;
            }
            refuse(refuseInstallations);
            requireClaim(claim);
            PairId id = new PairId(++lastPair);
            reserved.remove(pair.inbound().spi());
            pairs.put(
                    id,
                    new Installed(
                            id,
                            pair.inbound(),
                            copy(pair.inboundKeys().key()),
                            pair.outbound(),
                            copy(pair.outboundKeys().key()),
                            pair.role(),
                            pair.unconfirmed(),
                            pair.supersedes(),
                            copy(pair.kmpPrivate()),
                            pair));
            answered.put(requestId, id);
            claims.remove(claim.sequence());
            return id;
        });
        if (lostReplies > 0) {
            lostReplies--;
            return CompletableFuture.failedFuture(new UncheckedIOException(new IOException("the answer was lost")));
        }
        return answer;
    }

    @Override
    public CompletionStage<Void> deleteUnconfirmed(String kmp, PairId pair) {
        return answer(() -> {
            Installed one = pairs.get(pair);
            if (one != null
                    && one.unconfirmed()
                    && one.inbound().identity().kmp().equals(kmp)) {
                pairs.remove(pair);
                tell(kmp, new PairEvent.Ended(pair, Octets.EMPTY));
            }
            return null;
        });
    }

    @Override
    public CompletionStage<Void> failAcquire(AcquireClaim claim, int errno, String reason) {
        return answer(() -> {
            requireClaim(claim);
            over(claim.sequence());
            failures.put(claim.sequence(), new Failure(errno, reason));
            return null;
        });
    }

    @Override
    public CompletionStage<List<InstalledPair>> recall(String kmp) {
        return answer(() -> pairs.values().stream()
                .filter(pair -> pair.inbound().identity().kmp().equals(kmp))
                .map(FakeKeyManagement::installedPair)
                .toList());
    }

    /** The reference is the inbound SPI of the pair. */
    @Override
    public CompletionStage<InstalledPair> resolve(String kmp, String principal, Octets reference) {
        return answer(() -> pairs.values().stream()
                .filter(pair -> pair.inbound().spi().octets().equals(reference))
                .findFirst()
                .map(FakeKeyManagement::installedPair)
                .orElseThrow(() -> new SaException(SaError.INVALID_REFERENCE, "", "the reference is nobody's")));
    }

    private static InstalledPair installedPair(Installed pair) {
        return new InstalledPair(
                pair.id(),
                pair.inbound(),
                pair.outbound(),
                pair.role(),
                pair.unconfirmed(),
                pair.supersedes(),
                KeyMaterial.adopt(pair.kmpPrivate().toArray()));
    }

    private void over(int sequence) {
        claims.remove(sequence);
        reserved.values().removeIf(owner -> owner == sequence);
    }

    private void requireClaim(AcquireClaim claim) {
        if (!claim.isNone()
                && !Optional.ofNullable(claims.get(claim.sequence())).equals(Optional.of(claim.claim()))) {
            throw new SaException(
                    SaError.STALE_ACQUIRE,
                    "" + claim.sequence(),
                    "acquire " + claim.sequence() + " is not the caller's");
        }
    }

    private static void refuse(Deque<SaException> refusals) {
        SaException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
    }

    private static Octets copy(KeyMaterial material) {
        byte[] octets = material.borrow();
        if (octets == null) {
            throw new IllegalStateException("the KMP handed over closed keys");
        }
        try {
            return Octets.of(octets.clone());
        } finally {
            material.giveBack();
        }
    }

    private <T> CompletionStage<T> answer(Supplier<T> call) {
        if (away) {
            return CompletableFuture.failedFuture(new UncheckedIOException(new IOException("no socket is there")));
        }
        try {
            return CompletableFuture.completedFuture(call.get());
        } catch (SaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
