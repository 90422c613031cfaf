// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Endpoint;
import java.time.Duration;
import java.util.Set;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;

/**
 * What a program may say about its protection. Immutable; the {@code with…} methods give changed copies.
 *
 * @param protection the door to the daemon
 * @param local the endpoint of this host that the program is; {@link Endpoint#HOST_WIDE} for the host
 * @param clear what is not protected, whatever the policy says
 * @param callTimeout how long a response, or a message that came, may wait for the daemon before it is given up
 * @param acquireTimeout the same for a request: the daemon may have to acquire an SA first
 * @param grace how long an unprotected error waits for a protected answer, which wins
 * @param maxParked how many requests of the program may wait for the daemon at the same time, and how many other messages
 * @param registry the CoAP options that the program knows; the layer adds its own
 * @param counters what the layer counts
 */
public record SamdOptions(
        MessageProtection protection,
        Endpoint local,
        ClearPaths clear,
        Duration callTimeout,
        Duration acquireTimeout,
        Duration grace,
        int maxParked,
        OptionRegistry registry,
        ProtectionCounters counters) {
    /** The most of a timeout that is kept back for the daemon's reason. */
    private static final Duration FOR_THE_REASON = Duration.ofSeconds(1);

    public SamdOptions {
        requirePositive("call timeout", callTimeout);
        requirePositive("acquire timeout", acquireTimeout);
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace of " + grace);
        }
        if (maxParked < 1) {
            throw new IllegalArgumentException("room for " + maxParked + " parked messages");
        }
    }

    /**
     * The defaults: the host-wide endpoint, nothing in clear, 5 s for the daemon, 30 s for it to acquire an SA, 2 s of grace,
     * 4 096 parked messages.
     */
    public static SamdOptions of(MessageProtection protection) {
        return new SamdOptions(
                protection,
                Endpoint.HOST_WIDE,
                ClearPaths.NONE,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                4_096,
                StandardOptionRegistry.getDefaultOptionRegistry(),
                new ProtectionCounters());
    }

    /** The same with another local endpoint. */
    public SamdOptions withLocal(Endpoint endpoint) {
        return new SamdOptions(
                protection, endpoint, clear, callTimeout, acquireTimeout, grace, maxParked, registry, counters);
    }

    /** The same with other paths in clear, for every method and both ways. */
    public SamdOptions withClearPaths(String... paths) {
        return withClear(new ClearPaths(Set.of(paths), clear.relays()));
    }

    /** The same with the paths of {@link KmpRelayResource}s, whose POST arrives in clear. */
    public SamdOptions withRelay(String... paths) {
        return withClear(new ClearPaths(clear.all(), Set.of(paths)));
    }

    private SamdOptions withClear(ClearPaths paths) {
        return new SamdOptions(
                protection, local, paths, callTimeout, acquireTimeout, grace, maxParked, registry, counters);
    }

    /** The same with another time for the daemon. */
    public SamdOptions withCallTimeout(Duration timeout) {
        return new SamdOptions(protection, local, clear, timeout, acquireTimeout, grace, maxParked, registry, counters);
    }

    /** The same with another time for the daemon to acquire an SA. */
    public SamdOptions withAcquireTimeout(Duration timeout) {
        return new SamdOptions(protection, local, clear, callTimeout, timeout, grace, maxParked, registry, counters);
    }

    /** The same with another grace. */
    public SamdOptions withGrace(Duration wait) {
        return new SamdOptions(
                protection, local, clear, callTimeout, acquireTimeout, wait, maxParked, registry, counters);
    }

    /** The same with another bound of parked messages. */
    public SamdOptions withMaxParked(int messages) {
        return new SamdOptions(
                protection, local, clear, callTimeout, acquireTimeout, grace, messages, registry, counters);
    }

    /** The same with the options that the program defines itself. */
    public SamdOptions withRegistry(OptionRegistry known) {
        return new SamdOptions(
                protection, local, clear, callTimeout, acquireTimeout, grace, maxParked, known, counters);
    }

    /** How long the daemon may wait with its answer about anything but a request of the program. */
    Duration patience() {
        return lessThan(callTimeout);
    }

    /** How long the daemon may wait with its answer about a request of the program. */
    Duration acquirePatience() {
        return lessThan(acquireTimeout);
    }

    /** Less than this side waits, so that the daemon's reason is heard. */
    private static Duration lessThan(Duration timeout) {
        Duration fifth = timeout.dividedBy(5);
        return timeout.minus(fifth.compareTo(FOR_THE_REASON) < 0 ? fifth : FOR_THE_REASON);
    }

    private static void requirePositive(String name, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(name + " of " + timeout);
        }
    }
}
