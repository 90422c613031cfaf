// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything that may happen: the lives of daemons and of the store; the rest is in {@link Uses} and {@link Leases}. */
final class Moves {
    private final Scope scope;
    private final Set<Rule> rules;
    private final Writes writes;
    private final Uses uses;
    private final Leases leases;

    Moves(Scope scope, Set<Rule> rules) {
        this.scope = scope;
        this.rules = rules;
        this.writes = new Writes(rules);
        this.uses = new Uses(scope, rules, writes);
        this.leases = new Leases(scope, rules, writes);
    }

    List<Step> from(World world) {
        Steps steps = new Steps(world);
        start(steps);
        restore(steps);
        writes.carryOutLate(steps);
        for (Holder holder : world.holders()) {
            steps.add(world.without(holder), () -> holder + " is killed");
            stop(steps, holder);
            installAgain(steps, holder);
            share(steps, holder);
            uses.of(steps, holder);
            leases.of(steps, holder);
        }
        for (Lessee lessee : world.lessees()) {
            leases.of(steps, lessee);
        }
        return steps.all();
    }

    /** A daemon starts, whether or not another lives: a take-over is a start as well. */
    private void start(Steps steps) {
        World world = steps.from();
        Authority store = world.authority();
        if (world.holders().size() == scope.holders() || store.generation() == scope.generations()) {
            return;
        }
        if (rules.contains(Rule.ROLLBACK_SUSPENDS) && (store.suspended() || store.generation() < store.witness())) {
            steps.add(world.with(store.suspend()), () -> "a start finds that the store went back: SUSPENDED");
            return;
        }
        int generation = store.generation() + 1;
        Authority after = rules.contains(Rule.GENERATION_AT_START) ? store.withGeneration(generation) : store;
        Optional<Authority.Note> note = store.note()
                .filter(n ->
                        n.generation() == store.generation() || !rules.contains(Rule.NOTE_OF_THE_GENERATION_BEFORE));
        Numbers numbers = note.map(n -> new Numbers(n.next(), store.sendMark(), store.acceptMark(), n.seen()))
                .orElseGet(() -> Numbers.above(store.sendMark(), store.acceptMark()));
        Holder started = new Holder(generation, numbers, 0, 0, false);
        steps.add(
                world.with(after).with(started),
                () -> started + " starts at "
                        + (note.isPresent() ? "the note of daemon " + note.get().generation() : "the marks"));
    }

    /** The disk of a stopped machine is set back to what was saved when the store was new. */
    private void restore(Steps steps) {
        World world = steps.from();
        if (world.holders().isEmpty()
                && !world.authority().equals(world.authority().restored())) {
            steps.add(world.with(world.authority().restored()), () -> "the store is restored from a backup");
        }
    }

    private void stop(Steps steps, Holder holder) {
        if (holder.leased() && rules.contains(Rule.NOTE_WITHOUT_LEASES)) {
            return;
        }
        World world = steps.from();
        Numbers numbers = holder.numbers();
        writes.write(world.authority(), holder.generation(), store -> leave(store, holder.generation(), numbers))
                .ifPresent(after -> {
                    steps.add(world.with(after).without(holder), () -> holder + " stops cleanly");
                    if (!rules.contains(Rule.NOTE_LAST)) {
                        steps.add(world.with(after), () -> holder + " writes its note, and goes on");
                    }
                });
    }

    private Authority leave(Authority store, int generation, Numbers numbers) {
        return rules.contains(Rule.NOTE_BESIDE)
                ? store.withNote(new Authority.Note(
                        generation, numbers.next(), numbers.seen() & Numbers.below(store.acceptMark())))
                : store.withMarks(numbers.next(), Integer.numberOfTrailingZeros(~numbers.seen()));
    }

    /** The SA is deleted, and its key comes back as one that was never used. */
    private void installAgain(Steps steps, Holder holder) {
        if (rules.contains(Rule.CREATED_ONCE)) {
            return;
        }
        World world = steps.from();
        writes.write(world.authority(), holder.generation(), store -> store.withMarks(0, 0))
                .ifPresent(after -> steps.add(
                        world.with(after).replace(holder, holder.with(Numbers.above(0, 0))),
                        () -> "the key is installed again at " + holder + ", as a fresh one"));
    }

    /** A second node uses the same SA, knowing all that the first one knows. */
    private void share(Steps steps, Holder holder) {
        World world = steps.from();
        if (!rules.contains(Rule.ONE_HOLDER) && world.holders().size() < scope.holders()) {
            steps.add(world.with(holder), () -> "a second node shares the SA of " + holder);
        }
    }
}
