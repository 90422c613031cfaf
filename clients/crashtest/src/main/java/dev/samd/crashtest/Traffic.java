// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.sa.Content;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Clients of both hosts. What is lost stays lost: nobody delivers a record twice (RFC 6347 leaves that to who sends). */
final class Traffic {
    private final Calls calls;
    private final Links links;
    private final Loot loot;

    Traffic(Calls calls, Links links, Loot loot) {
        this.calls = calls;
        this.links = links;
        this.loot = loot;
    }

    /** A request to the other host, and its response. */
    boolean exchange(int from, RandomGenerator random) {
        Optional<Link> link = links.any(Content.MESSAGE, random);
        Optional<Calls.Sent> request = link.flatMap(l -> calls.request(l, from));
        if (request.isEmpty()) {
            return false;
        }
        Optional<Calls.Arrival> arrival = arrive(request.get().delivery());
        if (arrival.isEmpty() || !arrival.get().released()) {
            return arrival.isPresent();
        }
        return calls.response(
                        link.get(),
                        1 - from,
                        arrival.get().reference(),
                        request.get().reference())
                .flatMap(response -> arrive(response.delivery()))
                .isPresent();
    }

    /** A record to the other host. */
    boolean record(int from, RandomGenerator random) {
        return links.any(Content.RAW, random)
                .flatMap(link -> calls.send(link, from))
                .flatMap(this::arrive)
                .isPresent();
    }

    private Optional<Calls.Arrival> arrive(Delivery delivery) {
        Optional<Calls.Arrival> arrival = calls.deliver(delivery);
        loot.keep(delivery);
        return arrival;
    }
}
