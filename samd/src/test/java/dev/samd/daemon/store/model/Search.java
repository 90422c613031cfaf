// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Looks at every state within a scope, nearest first, until one is there that is looked for. */
final class Search {
    private final Scope scope;
    private final Moves moves;
    private final States states;

    Search(Scope scope, Set<Rule> rules) {
        this.scope = scope;
        this.moves = new Moves(scope, rules);
        this.states = new States(World.words(scope));
    }

    /**
     * @param states how many different states there were
     * @param depth how many moves the farthest of them is from the beginning
     * @param story the shortest one that leads to what was looked for: a line per move, and one for what is found
     */
    record Outcome(int states, int depth, Optional<List<String>> story) {}

    /** Looks for what must never be. */
    Outcome violation() {
        return find(world -> world.violation(scope));
    }

    /** Looks for a state that {@code wanted} has words for. */
    Outcome find(Function<World, Optional<String>> wanted) {
        states.add(World.NEW.pack(scope), 0);
        int end = 1;
        int depth = 0;
        int from = 0;
        while (from < end && depth < scope.depth()) {
            for (; from < end; from++) {
                World world = World.unpack(scope, states.get(from));
                for (Step step : moves.from(world)) {
                    boolean isNew = states.add(step.to().pack(scope), from);
                    Optional<String> found = isNew ? wanted.apply(step.to()) : Optional.empty();
                    if (found.isPresent()) {
                        List<String> story = story(states.size() - 1);
                        story.add("=> " + found.get());
                        return new Outcome(states.size(), depth + 1, Optional.of(story));
                    }
                }
            }
            depth += states.size() > end ? 1 : 0;
            end = states.size();
        }
        return new Outcome(states.size(), depth, Optional.empty());
    }

    private List<String> story(int last) {
        Deque<String> lines = new ArrayDeque<>();
        for (int to = last; to != 0; to = states.parent(to)) {
            lines.addFirst(words(states.parent(to), to));
        }
        return new ArrayList<>(lines);
    }

    private String words(int from, int to) {
        return moves.from(World.unpack(scope, states.get(from))).stream()
                .filter(step -> Arrays.equals(step.to().pack(scope), states.get(to)))
                .findFirst()
                .orElseThrow()
                .words()
                .get();
    }
}
