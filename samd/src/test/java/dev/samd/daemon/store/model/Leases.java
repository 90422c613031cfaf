// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import dev.samd.sa.Direction;
import java.util.Set;

/** A daemon as the authority of a CoAP process that it lends the key to. */
final class Leases {
    private static final int MOST_LEASES = 3;

    private final Scope scope;
    private final Set<Rule> rules;
    private final Writes writes;

    Leases(Scope scope, Set<Rule> rules, Writes writes) {
        this.scope = scope;
        this.rules = rules;
        this.writes = writes;
    }

    void of(Steps steps, Holder holder) {
        World world = steps.from();
        if (holder.leased()) {
            steps.add(
                    world.replace(holder, holder.endLease(holder.numbers().usedUp())),
                    () -> holder + " takes lease " + holder.leases() + " back, as its lessee seems to be gone");
        } else if (world.lessees().size() < scope.lessees() && holder.leases() < MOST_LEASES) {
            Holder lender = holder.lease();
            Lessee lessee = new Lessee(holder.generation(), lender.leases(), holder.numbers(), false);
            steps.add(world.replace(holder, lender).with(lessee), () -> holder + " lends the key to " + lessee);
        }
    }

    void of(Steps steps, Lessee lessee) {
        World world = steps.from();
        steps.add(world.without(lessee), () -> lessee + " is gone");
        if (!lessee.returned()) {
            use(steps, lessee);
        }
        for (Holder holder : world.holders()) {
            if (!lessee.returned() && believes(Rule.EXTEND_OF_THE_LEASE, holder, lessee)) {
                extend(steps, lessee, holder);
            }
            if (believes(Rule.RETURN_OF_THE_LEASE, holder, lessee)) {
                World heard =
                        world.replace(holder, holder.endLease(holder.numbers().usedAsIn(lessee.numbers())));
                steps.add(
                        heard.replace(lessee, lessee.leave()),
                        () -> holder + " hears that " + lessee + " returns its lease");
            }
        }
    }

    private boolean believes(Rule rule, Holder holder, Lessee lessee) {
        return lessee.isOf(holder) || !rules.contains(rule);
    }

    private void use(Steps steps, Lessee lessee) {
        World world = steps.from();
        Numbers numbers = lessee.numbers();
        if (numbers.next() < numbers.sendMark()) {
            steps.add(
                    world.with(world.ledger().seal(numbers.next())).replace(lessee, lessee.with(numbers.sealed())),
                    () -> lessee + " seals " + numbers.next());
        }
        for (int i = 0; i < Math.min(numbers.acceptMark(), scope.authentic()); i++) {
            int number = i;
            if (!numbers.sees(number)) {
                steps.add(
                        world.with(world.ledger().release(number))
                                .replace(lessee, lessee.with(numbers.accepted(number))),
                        () -> lessee + " releases record " + number);
            }
        }
    }

    /** The daemon raises its own marks for the lessee. */
    private void extend(Steps steps, Lessee lessee, Holder holder) {
        Numbers own = holder.numbers();
        String who = holder + ", asked by " + lessee + ",";
        if (own.sendMark() < scope.numbers()
                && own.sendMark() - lessee.numbers().next() <= 1) {
            extend(steps, lessee, holder, Direction.OUTBOUND, own.sendMark() + 1, who);
        }
        for (int mark = own.acceptMark() + 1; mark <= scope.authentic(); mark++) {
            extend(steps, lessee, holder, Direction.INBOUND, mark, who);
        }
    }

    private void extend(Steps steps, Lessee lessee, Holder holder, Direction direction, int mark, String who) {
        writes.raise(steps, holder, direction, mark, who, world -> world.replace(
                        holder, holder.with(holder.numbers().raised(direction, mark)))
                .replace(lessee, lessee.with(lessee.numbers().raised(direction, mark))));
    }
}
