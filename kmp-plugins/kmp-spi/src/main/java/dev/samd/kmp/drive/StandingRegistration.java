// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.PairEvent;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The registration of one KMP, made anew as often as it breaks. After each the pairs of earlier runs are recalled; what the
 * daemon says meanwhile waits. Confined to the driver's thread.
 */
final class StandingRegistration {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** What a registration tells its driver, on the driver's thread. */
    interface Owner {
        void recalled(List<InstalledPair> pairs);

        void acquire(Need need);

        void claimed(int sequence, Octets claim);

        void withdrawn(int sequence, String reason);

        void happened(PairEvent event);

        /** The registration broke: claims are gone. */
        void disconnected();
    }

    private final Kmp kmp;
    private final KeyManagement keys;
    private final DriverThread thread;
    private final DriverObserver observer;
    private final Owner owner;

    private @Nullable Attempt current;
    private Duration pause = FIRST_PAUSE;
    private boolean closed;

    StandingRegistration(Kmp kmp, KeyManagement keys, DriverThread thread, DriverObserver observer, Owner owner) {
        this.kmp = kmp;
        this.keys = keys;
        this.thread = thread;
        this.observer = observer;
        this.owner = owner;
    }

    void open() {
        if (closed) {
            return;
        }
        Attempt attempt = new Attempt();
        current = attempt;
        try {
            attempt.registration = keys.register(kmp.name(), kmp.resources(), attempt);
        } catch (RuntimeException e) {
            attempt.over(String.valueOf(e.getMessage()));
        }
    }

    void close() {
        closed = true;
        Attempt last = current;
        current = null;
        if (last != null && last.registration != null) {
            last.registration.close();
        }
    }

    /** Whether it stands, with everything recalled. */
    boolean isReady() {
        return current != null && current.ready;
    }

    void accept(int sequence) {
        say(registration -> registration.accept(sequence));
    }

    void decline(int sequence, String reason) {
        say(registration -> registration.decline(sequence, reason));
    }

    void progress(int sequence, String step) {
        say(registration -> registration.progress(sequence, step));
    }

    private void say(Consumer<KeyManagement.Registration> word) {
        if (current != null && current.registration != null) {
            word.accept(current.registration);
        }
    }

    /** One trial, from its beginning to its end. */
    private final class Attempt implements KeyManagement.Listener {
        private KeyManagement.@Nullable Registration registration;
        /** What the daemon said before everything was recalled. */
        private final List<Runnable> held = new ArrayList<>();

        private boolean recalling;
        private boolean ready;

        @Override
        public void registered() {
            onThread(() -> {
                if (!recalling) {
                    recalling = true;
                    recall();
                }
            });
        }

        private void recall() {
            keys.recall(kmp.name())
                    .whenComplete((pairs, failure) -> thread.execute(() -> {
                        if (current != this) {
                            if (pairs != null) {
                                pairs.forEach(pair -> pair.kmpPrivate().close());
                            }
                            return;
                        }
                        recalled(pairs, failure);
                    }));
        }

        private void recalled(@Nullable List<InstalledPair> pairs, @Nullable Throwable failure) {
            if (pairs == null && !(cause(failure) instanceof SaException)) {
                // Not reached: the registration will break, or the next trial works.
                thread.after(FIRST_PAUSE, () -> {
                    if (current == this) {
                        recall();
                    }
                });
                return;
            }
            List<InstalledPair> known = pairs == null ? List.of() : pairs;
            pause = FIRST_PAUSE;
            ready = true;
            observer.registered(kmp.name(), known.size());
            owner.recalled(known);
            held.forEach(Runnable::run);
            held.clear();
        }

        @Override
        public void acquire(Need need) {
            whenReady(() -> owner.acquire(need));
        }

        @Override
        public void claimed(int sequence, Octets claim) {
            whenReady(() -> owner.claimed(sequence, claim));
        }

        @Override
        public void withdrawn(int sequence, String reason) {
            whenReady(() -> owner.withdrawn(sequence, reason));
        }

        @Override
        public void happened(PairEvent event) {
            whenReady(() -> owner.happened(event));
        }

        @Override
        public void ended(String reason) {
            onThread(() -> over(reason));
        }

        private void over(String reason) {
            current = null;
            Duration wait = pause;
            pause = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
            observer.disconnected(kmp.name(), reason, wait);
            owner.disconnected();
            thread.after(wait, StandingRegistration.this::open);
        }

        private void whenReady(Runnable word) {
            onThread(() -> {
                if (ready) {
                    word.run();
                } else {
                    held.add(word);
                }
            });
        }

        private void onThread(Runnable word) {
            thread.execute(() -> {
                if (current == this) {
                    word.run();
                }
            });
        }
    }

    /** What a stage failed with. */
    static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
