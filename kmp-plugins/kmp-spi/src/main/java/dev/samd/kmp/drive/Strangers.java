// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.drive.StrangerLimits.EchoUse;
import dev.samd.sa.Octets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Decides which requests are looked at, before anything of them is parsed. One for all drivers of a host. Thread-safe.
 *
 * <p>Its memory is bounded: a budget for each of the sources seen last, and three for all together. A source without a budget
 * here is one that was quiet, or one of so many that the common budgets decide. A source that floods meets its own budget
 * first, so that it neither takes the others' nor makes them show their address.
 */
public final class Strangers {
    /** What becomes of a request. */
    sealed interface Verdict {
        /** It is looked at. */
        record Pass() implements Verdict {}

        /** The sender has to show that it receives at its address. */
        record Challenge(Octets echo) implements Verdict {}

        /** The sender has had its share: 4.29. */
        record TooMany() implements Verdict {}

        /** All senders together have had theirs: 5.03. */
        record Busy() implements Verdict {}

        /** Not even an answer. */
        record Drop() implements Verdict {}
    }

    private final StrangerLimits limits;
    private final EchoTokens echoes;
    private final Map<String, TokenBucket> budgets;
    private final TokenBucket all;
    private final TokenBucket calm;
    private final TokenBucket challenges;
    private final Set<String> proxies;

    /** Nobody is a proxy. */
    public Strangers(StrangerLimits limits, RandomGenerator random, Instant now) {
        this(limits, Set.of(), random, now);
    }

    /**
     * @param proxies addresses, "192.0.2.1", behind which many peers are: a share of one for all of them would stop a fleet
     * @param random cryptographically strong
     * @param now the time
     */
    public Strangers(StrangerLimits limits, Set<String> proxies, RandomGenerator random, Instant now) {
        this.limits = limits;
        this.proxies = proxies.stream().map(SourceAddress::budget).collect(Collectors.toUnmodifiableSet());
        this.echoes = new EchoTokens(random);
        this.all = new TokenBucket(limits.allPerSecond(), limits.allBurst(), now);
        this.calm = new TokenBucket(limits.calmPerSecond(), limits.calmPerSecond(), now);
        // An answer costs more than a look, and could be sent to somebody who never asked.
        this.challenges = new TokenBucket(2.0 * limits.allPerSecond(), 2 * limits.allBurst(), now);
        this.budgets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
                return size() > limits.sources();
            }
        };
    }

    /**
     * Looks at where a request came from.
     *
     * @param source its transport address
     * @param relay the principal that handed it on, or the empty string
     * @param echo its Echo option, or empty
     */
    synchronized Verdict look(String source, String relay, Octets echo, Instant now) {
        boolean shown = !echo.isEmpty() && echoes.accepts(echo, SourceAddress.host(source), now);
        boolean asked = limits.echo() == EchoUse.ALWAYS || (limits.echo() == EchoUse.LOAD && !calm.has(now));
        if (asked && !shown) {
            return challenges.take(now)
                    ? new Verdict.Challenge(echoes.token(SourceAddress.host(source), now))
                    : new Verdict.Drop();
        }
        boolean within = isProxy(source)
                ? half("proxy " + SourceAddress.budget(source), now).take(now)
                : budget(SourceAddress.budget(source), limits.perSecond(), limits.burst(), now)
                        .take(now);
        if (!within) {
            return new Verdict.TooMany();
        }
        // A relay may say any source, so it has a share of its own.
        if (!relay.isEmpty() && !half("relay " + relay, now).take(now)) {
            return new Verdict.TooMany();
        }
        if (!shown) {
            calm.take(now);
        }
        return all.take(now) ? new Verdict.Pass() : new Verdict.Busy();
    }

    /**
     * Counts something of a source, and says whether it is within the limits: for what comes before a request is one. Echo plays
     * no part.
     */
    public synchronized boolean admits(String source, Instant now) {
        return budget(SourceAddress.budget(source), limits.perSecond(), limits.burst(), now)
                        .take(now)
                && all.take(now);
    }

    /** Whether many peers are behind this address, by what the operator says. */
    boolean isProxy(String source) {
        return proxies.contains(SourceAddress.budget(source));
    }

    /** Sources that are remembered. */
    synchronized int remembered() {
        return budgets.size();
    }

    /** Half of what all have together. */
    private TokenBucket half(String key, Instant now) {
        return budget(key, limits.allPerSecond() / 2, limits.allBurst() / 2, now);
    }

    private TokenBucket budget(String key, int perSecond, int burst, Instant now) {
        return budgets.computeIfAbsent(key, absent -> new TokenBucket(perSecond, burst, now));
    }
}
