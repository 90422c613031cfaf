// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import dev.samd.sa.Direction;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What becomes of a write: it is done, it is done and nobody hears so, or it is done when nobody waits any more. */
final class Writes {
    private final Set<Rule> rules;

    Writes(Set<Rule> rules) {
        this.rules = rules;
    }

    /** The authority after a write by a daemon of the generation; empty if it refuses. */
    Optional<Authority> write(Authority authority, int generation, UnaryOperator<Authority> change) {
        if (!rules.contains(Rule.RISE_OF_THE_CURRENT)) {
            return Optional.of(change.apply(authority));
        }
        if (!rules.contains(Rule.GENERATION_AT_START) && authority.generation() < generation) {
            return Optional.of(change.apply(authority.withGeneration(generation)));
        }
        return authority.generation() == generation ? Optional.of(change.apply(authority)) : Optional.empty();
    }

    /**
     * A daemon raises a mark.
     *
     * @param who says in the story who wants it and why
     * @param raised the world when the holder counts on the mark
     */
    void raise(Steps steps, Holder holder, Direction direction, int mark, String who, Function<World, World> raised) {
        World world = steps.from();
        String what = (direction == Direction.OUTBOUND ? "S to " : "A to ") + mark;
        write(world.authority(), holder.generation(), a -> a.raised(direction, mark))
                .ifPresent(after -> {
                    World done = world.with(after);
                    steps.add(raised.apply(done), () -> who + " raises " + what);
                    steps.add(done, () -> who + " raises " + what + ", but the answer is lost");
                    if (world.late().isEmpty()) {
                        steps.add(
                                world.with(Optional.of(new World.Late(holder.generation(), direction, mark))),
                                () -> who + " wants to raise " + what + " and gives up; the write is under way still");
                    }
                });
        if (!rules.contains(Rule.UNKNOWN_IS_NOT_RAISED)) {
            steps.add(raised.apply(world), () -> who + " fails to raise " + what + " and counts on it");
        }
    }

    /** A write that was given up is carried out. */
    void carryOutLate(Steps steps) {
        World world = steps.from();
        world.late().ifPresent(late -> {
            World over = world.with(Optional.empty());
            write(world.authority(), late.generation(), a -> a.raised(late.direction(), late.mark()))
                    .ifPresent(after -> steps.add(
                            over.with(after),
                            () -> "the late write of daemon " + late.generation() + " is carried out"));
            steps.add(over, () -> "the late write of daemon " + late.generation() + " is lost");
        });
    }
}
