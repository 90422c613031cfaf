// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.sa.Content;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** The links that both hosts have acknowledged, and that nobody is asked to end. Thread-safe. */
final class Links {
    private final List<Link> links = new CopyOnWriteArrayList<>();

    void add(Link link) {
        links.add(link);
    }

    void remove(Link link) {
        links.remove(link);
    }

    List<Link> all() {
        return List.copyOf(links);
    }

    /** One of those with that content. */
    Optional<Link> any(Content content, RandomGenerator random) {
        List<Link> fit =
                links.stream().filter(link -> link.content() == content).toList();
        return fit.isEmpty() ? Optional.empty() : Optional.of(fit.get(random.nextInt(fit.size())));
    }
}
