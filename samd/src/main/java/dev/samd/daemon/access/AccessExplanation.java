// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a caller may make a call, step by step. Nothing is called.
 *
 * @param allowed yes
 * @param rule the rule that decides; empty where none does
 * @param steps what was looked at, one sentence each; the last one decides
 */
public record AccessExplanation(boolean allowed, String rule, List<String> steps) {
    public AccessExplanation {
        steps = List.copyOf(steps);
    }

    /**
     * The SA that a call is about.
     *
     * @param owner the principal that installed it
     * @param local its local endpoint
     */
    public record Sa(String owner, Endpoint local) {}

    /**
     * What would be decided.
     *
     * @param rights of the caller
     * @param verb the call
     * @param door where the caller comes in
     * @param sa the SA that the call is about
     * @param local the local endpoint that the call states
     * @param kmp the KMP that the call is made for; may be empty
     */
    public static AccessExplanation of(
            Rights rights, Verb verb, Door door, Optional<Sa> sa, Optional<Endpoint> local, String kmp) {
        List<Decision> decisions = new ArrayList<>();
        decisions.add(rights.mayCall(verb, door));
        for (Direction direction : directions(verb)) {
            local.ifPresent(stated -> decisions.add(rights.use(direction, stated)));
            sa.ifPresent(of -> decisions.add(rights.use(direction, of.local())));
        }
        if (directions(verb).isEmpty()) {
            sa.ifPresent(of -> decisions.add(rights.see(of.owner(), of.local())));
        }
        if (verb == Verb.DELETE) {
            sa.ifPresent(of -> decisions.add(rights.end(of.owner())));
        } else if (verb == Verb.UPDATE) {
            sa.ifPresent(of -> decisions.add(rights.change(of.owner())));
        }
        if (!kmp.isEmpty()) {
            decisions.add(rights.actAs(kmp));
        }
        List<String> steps = new ArrayList<>();
        Decision last = decisions.get(0);
        for (Decision decision : decisions) {
            last = decision;
            steps.add(decision.why());
            if (!decision.allowed()) {
                break;
            }
        }
        return new AccessExplanation(last.allowed(), last.rule(), steps);
    }

    private static List<Direction> directions(Verb verb) {
        return switch (verb) {
            case PROTECT, SEAL -> List.of(Direction.OUTBOUND);
            case UNPROTECT, OPEN -> List.of(Direction.INBOUND);
            case STREAM -> List.of(Direction.OUTBOUND, Direction.INBOUND);
            default -> List.of();
        };
    }
}
