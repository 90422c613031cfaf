// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Endpoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;

/**
 * What a program may say about its protection. Immutable; the {@code with…} methods give changed copies.
 *
 * @param protection the door to the daemon
 * @param local the endpoint of this host that the program is; {@link Endpoint#HOST_WIDE} for the host
 * @param clearPaths the paths, {@code /a/b}, whose requests leave and are accepted in clear; compared segment by segment,
 *     nothing below them is included
 * @param callTimeout how long a message may wait for the daemon before it is given up
 * @param grace how long an unprotected error waits for a protected answer, which wins
 * @param maxParked how many messages may wait for the daemon at the same time
 * @param registry the CoAP options that the program knows; the layer adds its own
 * @param counters what the layer counts
 */
public record SamdOptions(
        MessageProtection protection,
        Endpoint local,
        Set<String> clearPaths,
        Duration callTimeout,
        Duration grace,
        int maxParked,
        OptionRegistry registry,
        ProtectionCounters counters) {

    public SamdOptions {
        clearPaths = Set.copyOf(clearPaths);
        for (String path : clearPaths) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("clear path \"" + path + "\" does not begin with /");
            }
        }
        if (callTimeout.isNegative() || callTimeout.isZero()) {
            throw new IllegalArgumentException("call timeout of " + callTimeout);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace of " + grace);
        }
        if (maxParked < 1) {
            throw new IllegalArgumentException("room for " + maxParked + " parked messages");
        }
    }

    /** The defaults: the host-wide endpoint, nothing in clear, 5 s for the daemon, 2 s of grace, 4 096 parked messages. */
    public static SamdOptions of(MessageProtection protection) {
        return new SamdOptions(
                protection,
                Endpoint.HOST_WIDE,
                Set.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                4_096,
                StandardOptionRegistry.getDefaultOptionRegistry(),
                new ProtectionCounters());
    }

    /** The same with another local endpoint. */
    public SamdOptions withLocal(Endpoint endpoint) {
        return new SamdOptions(protection, endpoint, clearPaths, callTimeout, grace, maxParked, registry, counters);
    }

    /** The same with other clear paths. */
    public SamdOptions withClearPaths(String... paths) {
        return new SamdOptions(protection, local, Set.of(paths), callTimeout, grace, maxParked, registry, counters);
    }

    /** The same with another time for the daemon. */
    public SamdOptions withCallTimeout(Duration timeout) {
        return new SamdOptions(protection, local, clearPaths, timeout, grace, maxParked, registry, counters);
    }

    /** The same with another grace. */
    public SamdOptions withGrace(Duration wait) {
        return new SamdOptions(protection, local, clearPaths, callTimeout, wait, maxParked, registry, counters);
    }

    /** The same with another bound of parked messages. */
    public SamdOptions withMaxParked(int messages) {
        return new SamdOptions(protection, local, clearPaths, callTimeout, grace, messages, registry, counters);
    }

    /** The same with the options that the program defines itself. */
    public SamdOptions withRegistry(OptionRegistry known) {
        return new SamdOptions(protection, local, clearPaths, callTimeout, grace, maxParked, known, counters);
    }

    /** How long the daemon may wait with its answer: less than this side, so that its reason is heard. */
    Duration patience() {
        return callTimeout.multipliedBy(4).dividedBy(5);
    }

    /** Whether a request with these options is one that the program wants in clear. */
    boolean inClear(OptionSet options) {
        if (clearPaths.isEmpty() || options.hasProxyUri() || options.hasProxyScheme()) {
            return false;
        }
        List<String> segments = options.getUriPath();
        return clearPaths.stream()
                .map(path -> Arrays.stream(path.substring(1).split("/", -1)).collect(Collectors.toList()))
                .anyMatch(segments::equals);
    }
}
