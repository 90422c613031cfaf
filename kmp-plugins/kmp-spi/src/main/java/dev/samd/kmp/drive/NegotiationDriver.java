// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Runs one KMP: registers it, offers it acquires and requests, and carries out what its negotiations want.
 *
 * <p>{@link #start}, {@link #post} and {@link #close} may be called on any thread; all else happens on the driver's own. What
 * it keeps is bounded by {@link DriverLimits}: a stranger is nothing but a budget until the KMP has admitted its request, of runs
 * whose peers have proven nothing yet the oldest gives way, and a run ends after its time whatever happens.
 * Registrations that break are made anew; runs that answer an acquire end with them,
 * since their claims do.
 */
public final class NegotiationDriver implements AutoCloseable {
    /** 5.00 Internal Server Error. */
    private static final int INTERNAL_ERROR = 0xa0;

    /** How long a claim may take that was asked for: after 5 s the daemon has given it to another KMP. */
    private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(10);

    private final Kmp kmp;
    private final Strangers strangers;
    private final DriverLimits limits;
    private final DriverObserver observer;
    private final DriverThread thread;
    private final StandingRegistration registration;
    private final RunHost host;
    private final ConfirmationProbes probes;

    private final Map<Integer, Need> offered = new HashMap<>();
    private final Map<Integer, Run> initiators = new LinkedHashMap<>();
    private final Map<Run, String> responders = new LinkedHashMap<>();
    /** Those of them that listen and whose peer has proven nothing yet, the oldest first. */
    private final Map<Run, String> halfOpen = new LinkedHashMap<>();
    /** Runs by the paths that they listen at. */
    private final Map<String, Run> listeners = new HashMap<>();
    /** Requests of a source that are resolved or negotiated. */
    private final Map<String, Integer> open = new HashMap<>();

    private int openInAll;
    private boolean closed;

    /**
     * @param ports the daemon, the network and the thread
     * @param strangers shared by the drivers of a host
     * @param random for request ids; cryptographically strong
     */
    public NegotiationDriver(
            Kmp kmp,
            DriverPorts ports,
            Strangers strangers,
            DriverLimits limits,
            RandomGenerator random,
            DriverObserver observer) {
        this.kmp = kmp;
        this.strangers = strangers;
        this.limits = limits;
        this.observer = observer;
        this.thread = ports.thread();
        this.host = new RunHost(ports, random);
        this.probes = new ConfirmationProbes(kmp, ports.transport(), thread, limits.initiators());
        this.registration = new StandingRegistration(kmp, ports.keys(), thread, observer, new Registered());
    }

    /** Registers the KMP, now and after every break. */
    public void start() {
        thread.execute(registration::open);
    }

    /** The KMP that it runs. */
    public Kmp kmp() {
        return kmp;
    }

    /**
     * Takes a request to one of the KMP's resources.
     *
     * @param replier is told the answer, perhaps before this returns
     */
    public void post(Post post, Replier replier) {
        String relay = post.relay().map(Post.Relay::principal).orElse("");
        Strangers.Verdict verdict = strangers.look(post.incoming().source(), relay, post.echo(), thread.now());
        if (verdict instanceof Strangers.Verdict.Challenge challenge) {
            replier.challenge(challenge.echo());
        } else if (verdict instanceof Strangers.Verdict.TooMany) {
            replier.answer(Answer.of(Answer.TOO_MANY));
        } else if (verdict instanceof Strangers.Verdict.Busy) {
            replier.answer(Answer.of(Answer.UNAVAILABLE));
        } else if (verdict instanceof Strangers.Verdict.Drop) {
            replier.silence();
        } else {
            thread.execute(() -> receive(post, replier));
        }
    }

    /** Abandons every run and unregisters. */
    @Override
    public void close() {
        thread.execute(() -> {
            closed = true;
            registration.close();
            probes.close();
            all().forEach(run -> run.abandon("the host stops"));
        });
    }

    /** Runs that are under way. On the driver's thread. */
    int running() {
        return initiators.size() + responders.size();
    }

    /** Requests, acquires, runs and pairs that are remembered. On the driver's thread. */
    int remembered() {
        return offered.size() + initiators.size() + openInAll + probes.remembered();
    }

    private List<Run> all() {
        List<Run> all = new ArrayList<>(initiators.values());
        all.addAll(responders.keySet());
        return all;
    }

    private void receive(Post post, Replier replier) {
        Run listener = listeners.get(post.incoming().path());
        if (listener != null) {
            listener.request(post.incoming(), replier);
            return;
        }
        String source = SourceAddress.budget(post.incoming().source());
        if (closed || !registration.isReady() || openInAll >= limits.responders()) {
            replier.answer(Answer.of(Answer.UNAVAILABLE));
            return;
        }
        if (open.getOrDefault(source, 0)
                >= share(post.incoming().source(), limits.respondersPerSource(), limits.responders())) {
            replier.answer(Answer.of(Answer.TOO_MANY));
            return;
        }
        enter(source);
        Octets reference = post.relay().map(Post.Relay::reference).orElse(Octets.EMPTY);
        if (reference.isEmpty()) {
            screen(post.incoming(), source, replier);
            return;
        }
        String principal = post.relay().map(Post.Relay::principal).orElse("");
        host.keys()
                .resolve(kmp.name(), principal, reference)
                .whenComplete((pair, failure) -> thread.execute(() -> {
                    if (pair != null) {
                        screen(post.incoming().withUnder(pair), source, replier);
                        return;
                    }
                    leave(source);
                    // Whose word cannot be proven is taken for a stranger's.
                    boolean refused = StandingRegistration.cause(failure) instanceof SaException;
                    replier.answer(Answer.of(refused ? Answer.UNAUTHORIZED : Answer.UNAVAILABLE));
                }));
    }

    private void screen(Incoming request, String source, Replier replier) {
        Screening screening;
        try {
            screening = kmp.screen(thread.now(), request);
        } catch (RuntimeException e) {
            leave(source);
            observer.fault(kmp.name(), e);
            replier.answer(Answer.of(INTERNAL_ERROR));
            return;
        }
        if (screening instanceof Screening.Answered answered) {
            leave(source);
            if (!answered.reason().isEmpty()) {
                observer.refused(kmp.name(), request.source(), answered.answer().code(), answered.reason());
            }
            replier.answer(answered.answer());
            return;
        }
        Negotiation negotiation = ((Screening.Admitted) screening).negotiation();
        Run run = new Run(
                "request from " + request.source(), host, negotiation, AcquireClaim.NONE, Optional.empty(), replier);
        responders.put(run, source);
        begin(run);
    }

    /** A proxy may have half of what all have together. */
    private int share(String source, int ofOne, int ofAll) {
        return strangers.isProxy(source) ? ofAll / 2 : ofOne;
    }

    /** Where there are more half-open runs than there may be, those that have waited longest end. */
    private void makeRoom(String source, int most) {
        List<Run> same = halfOpen.entrySet().stream()
                .filter(run -> run.getValue().equals(source))
                .map(Map.Entry::getKey)
                .toList();
        if (same.size() > most) {
            same.get(0).abandon("gave way to newer ones of its source");
        }
        if (halfOpen.size() > limits.halfOpen()) {
            halfOpen.keySet().iterator().next().abandon("gave way to newer ones");
        }
    }

    private void begin(Run run) {
        observer.began(kmp.name(), run.name());
        run.begin(limits.run());
    }

    private void enter(String source) {
        open.merge(source, 1, Integer::sum);
        openInAll++;
    }

    private void leave(String source) {
        open.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
        openInAll--;
    }

    /** What the daemon says, on the driver's thread. */
    private final class Registered implements StandingRegistration.Owner {
        @Override
        public void recalled(List<InstalledPair> pairs) {
            probes.recalled(pairs);
            guarded(() -> kmp.recalled(thread.now(), pairs));
        }

        @Override
        public void acquire(Need need) {
            int others = offered.size() + initiators.size();
            if (closed || others >= limits.initiators()) {
                registration.decline(need.sequence(), "busy with " + others + " others");
                return;
            }
            offered.put(need.sequence(), need);
            thread.after(CLAIM_PATIENCE, () -> offered.remove(need.sequence(), need));
            registration.accept(need.sequence());
        }

        @Override
        public void claimed(int sequence, Octets octets) {
            Need need = offered.remove(sequence);
            if (need == null || initiators.containsKey(sequence)) {
                return;
            }
            AcquireClaim claim = new AcquireClaim(sequence, octets);
            Negotiation negotiation;
            try {
                negotiation = kmp.initiate(need);
            } catch (RuntimeException e) {
                observer.fault(kmp.name(), e);
                host.keys().failAcquire(claim, 5, "a defect of the KMP").whenComplete((done, failure) -> {});
                return;
            }
            String name = "acquire " + Integer.toUnsignedString(sequence) + " for " + need.target();
            Run run = new Run(name, host, negotiation, claim, Optional.of(need), null);
            initiators.put(sequence, run);
            begin(run);
        }

        @Override
        public void withdrawn(int sequence, String reason) {
            offered.remove(sequence);
            Run run = initiators.get(sequence);
            if (run != null) {
                run.abandon(reason);
            }
        }

        @Override
        public void happened(PairEvent event) {
            probes.happened(event);
            guarded(() -> kmp.happened(thread.now(), event));
        }

        @Override
        public void disconnected() {
            offered.clear();
            // What the daemon may have installed already is asked again under the same id.
            List.copyOf(initiators.values()).stream()
                    .filter(run -> !run.isInstalling())
                    .forEach(run -> run.abandon("the daemon went away"));
        }

        private void guarded(Runnable call) {
            try {
                call.run();
            } catch (RuntimeException e) {
                observer.fault(kmp.name(), e);
            }
        }
    }

    /** What runs need. */
    private final class RunHost implements Run.Host {
        private final DriverPorts ports;
        private final RandomGenerator random;

        RunHost(DriverPorts ports, RandomGenerator random) {
            this.ports = ports;
            this.random = random;
        }

        @Override
        public KeyManagement keys() {
            return ports.keys();
        }

        @Override
        public KmpTransport transport() {
            return ports.transport();
        }

        @Override
        public DriverThread thread() {
            return ports.thread();
        }

        @Override
        public Octets randomOctets(int length) {
            byte[] octets = new byte[length];
            random.nextBytes(octets);
            return Octets.of(octets);
        }

        @Override
        public void progressed(AcquireClaim claim, String step) {
            registration.progress(claim.sequence(), step);
        }

        @Override
        public void delete(PairId pair) {
            // Its failure changes nothing: the daemon lets no unconfirmed pair live for long.
            ports.keys().deleteUnconfirmed(kmp.name(), pair).whenComplete((done, failure) -> {});
        }

        @Override
        public Executor workers() {
            return ports.workers();
        }

        @Override
        public void listens(Run run, String path) {
            String source = responders.get(run);
            boolean below = kmp.resources().stream()
                    .anyMatch(resource -> resource.endsWith("/*")
                            && path.lastIndexOf('/') == resource.length() - 2
                            && path.startsWith(resource.substring(0, resource.length() - 1)));
            if (source == null || !below || listeners.putIfAbsent(path, run) != null) {
                throw new IllegalStateException(run.name() + ": cannot listen at " + path);
            }
            halfOpen.put(run, source);
            makeRoom(source, share(source, limits.halfOpenPerSource(), limits.halfOpen()));
        }

        @Override
        public void proven(Run run) {
            halfOpen.remove(run);
        }

        @Override
        public void installed(PairId id, KeyedPair pair, Optional<Need> need) {
            if (!closed) {
                probes.installed(id, pair, need.flatMap(Need::via));
            }
        }

        @Override
        public void fault(RuntimeException defect) {
            observer.fault(kmp.name(), defect);
        }

        @Override
        public void ended(Run run, String outcome) {
            halfOpen.remove(run);
            listeners.values().removeIf(run::equals);
            String source = responders.remove(run);
            if (source != null) {
                leave(source);
            }
            initiators.remove(run.claim().sequence(), run);
            observer.ended(kmp.name(), run.name(), outcome);
        }
    }
}
