// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import dev.samd.sa.Direction;
import java.util.Set;

/** What a daemon does with the key: the attacker brings it any record at any time. */
final class Uses {
    private final Scope scope;
    private final Set<Rule> rules;
    private final Writes writes;

    Uses(Scope scope, Set<Rule> rules, Writes writes) {
        this.scope = scope;
        this.rules = rules;
        this.writes = writes;
    }

    void of(Steps steps, Holder holder) {
        if (holder.leased()) {
            return;
        }
        seal(steps, holder);
        raiseSendMark(steps, holder);
        raiseAcceptMark(steps, holder);
        for (int number = 0; number < scope.authentic(); number++) {
            open(steps, holder, number);
        }
        finishParked(steps, holder);
    }

    private void seal(Steps steps, Holder holder) {
        World world = steps.from();
        Numbers numbers = holder.numbers();
        int number = numbers.next();
        if (number < (rules.contains(Rule.RISE_BEFORE_USE) ? numbers.sendMark() : scope.numbers())) {
            steps.add(
                    world.with(world.ledger().seal(number)).replace(holder, holder.with(numbers.sealed())),
                    () -> holder + " seals " + number);
        }
    }

    /** Reserves a number while one is left or none. */
    private void raiseSendMark(Steps steps, Holder holder) {
        Numbers numbers = holder.numbers();
        int mark = numbers.sendMark() + 1;
        if (mark <= scope.numbers() && numbers.sendMark() - numbers.next() <= 1) {
            writes.raise(
                    steps,
                    holder,
                    Direction.OUTBOUND,
                    mark,
                    holder.toString(),
                    world -> world.replace(holder, holder.with(numbers.raised(Direction.OUTBOUND, mark))));
        }
    }

    /** A record beyond the accept mark has come, and was opened. */
    private void raiseAcceptMark(Steps steps, Holder holder) {
        Numbers numbers = holder.numbers();
        int end = rules.contains(Rule.RISE_FOR_THE_AUTHENTIC) ? scope.authentic() : scope.numbers();
        for (int mark = numbers.acceptMark() + 1; mark <= end; mark++) {
            int raised = mark;
            writes.raise(
                    steps,
                    holder,
                    Direction.INBOUND,
                    mark,
                    holder.toString(),
                    world -> world.replace(holder, holder.with(numbers.raised(Direction.INBOUND, raised))));
        }
    }

    private void open(Steps steps, Holder holder, int number) {
        World world = steps.from();
        Numbers numbers = holder.numbers();
        if (numbers.sees(number)) {
            return;
        }
        if (holder.parked() == 0) {
            steps.add(
                    world.replace(holder, holder.park(number)),
                    () -> holder + " opens a record " + number + ", which waits");
        }
        if (number < numbers.acceptMark() || !rules.contains(Rule.RISE_BEFORE_USE)) {
            release(steps, holder, number);
        }
    }

    private void finishParked(Steps steps, Holder holder) {
        int number = holder.parked() - 1;
        if (number < 0 || number >= holder.numbers().acceptMark()) {
            return;
        }
        Holder done = holder.parkNothing();
        World world = steps.from();
        if (holder.numbers().sees(number) && rules.contains(Rule.CHECK_AGAIN)) {
            steps.add(world.replace(holder, done), () -> holder + " discards the waiting record " + number);
            return;
        }
        steps.add(
                world.with(world.ledger().release(number))
                        .replace(holder, done.with(done.numbers().accepted(number))),
                () -> holder + " releases the waiting record " + number);
    }

    private void release(Steps steps, Holder holder, int number) {
        World world = steps.from();
        Holder accepted = holder.with(holder.numbers().accepted(number));
        World released = world.with(world.ledger().release(number));
        steps.add(released.replace(holder, accepted), () -> holder + " releases record " + number);
        steps.add(
                world.replace(holder, accepted),
                () -> holder + " accepts record " + number + " for a caller who has gone");
        if (!rules.contains(Rule.LOST_IS_LOST)) {
            steps.add(
                    released,
                    () -> holder + " releases record " + number + ", hears that the caller has gone, and forgets it");
        }
    }
}
