// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.sadb.Outlook;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.engine.Candidate.Standing;
import dev.samd.engine.Finding;
import dev.samd.engine.PolicyRule;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import java.time.Duration;
import java.util.Optional;

/** The sentences of an explanation. They name policies, SAs and reasons, and nothing from inside of a message. */
final class ExplainWords {
    private ExplainWords() {}

    /** The rule for a request that leaves. */
    static String outbound(PolicyRule rule, String what) {
        if (rule.name().isEmpty()) {
            return "no policy fits " + what + ": it is protected, and keys by hand alone speak for the peer";
        }
        return policy(rule) + " fits " + what + ": " + action(rule);
    }

    /** The rule for a request that arrives in clear. */
    static String clear(PolicyRule rule, String what) {
        if (rule.name().equals(Policies.RESOURCE_RULE)) {
            return what + " is for a KMP that has registered it, and passes";
        }
        if (rule.name().isEmpty()) {
            return "no policy fits " + what + ": what arrives in clear does not pass";
        }
        return policy(rule) + " fits " + what + ": " + action(rule);
    }

    private static String policy(PolicyRule rule) {
        return "policy \"" + rule.name() + "\"";
    }

    private static String action(PolicyRule rule) {
        return switch (rule.action()) {
            case PROTECT ->
                rule instanceof PolicyEntry entry ? "protect, by SAs of " + entry.kmps() : "protect" + fresh(rule);
            case BYPASS -> "bypass";
            case DISCARD -> "discard";
        };
    }

    private static String fresh(PolicyRule rule) {
        Duration within = Duration.ofNanos(rule.maxAgeNanos());
        if (within.isZero()) {
            return "";
        }
        boolean whole = within.equals(Duration.ofSeconds(within.toSeconds()));
        return ", fresh within " + (whole ? within.toSeconds() + "s" : within.toString());
    }

    /** The name of the policy behind a rule; empty where none is. */
    static String nameOf(Optional<PolicyRule> rule) {
        return rule.map(PolicyRule::name)
                .filter(name -> !name.equals(Policies.RESOURCE_RULE))
                .orElse("");
    }

    /** Why an SA in scope is taken, or is not. */
    static String standing(Standing standing, PolicyRule rule, SadbEntry entry, Endpoint target) {
        return switch (standing) {
            case CHOSEN -> "it would be taken";
            case OLDER -> "a newer one is taken";
            case DYING -> "it is past a soft limit, and the one that is taken is not";
            case UNCONFIRMED -> "it waits for its first good record, and gets single requests until then";
            case RESPONDER_WAITS -> "it waits for the first good record of the peer";
            case NOT_ADMITTED -> outOfScope(rule, entry, target);
            case OTHER_LOCAL -> "it is of local endpoint " + entry.local();
            case RAW -> "it carries raw records, not messages";
            case SPENT -> "it seals nothing any more";
            case SUSPENDED -> "it is suspended: its numbers may have gone back";
        };
    }

    /** Why an SA may not be used for the peer. */
    static String outOfScope(PolicyRule rule, SadbEntry entry, Endpoint target) {
        if (entry.state() == SaState.DEAD) {
            return "it is DEAD";
        }
        SaParameters parameters = entry.parameters().orElse(null);
        if (parameters == null) {
            return "it has no keys yet";
        }
        if (rule instanceof PolicyEntry policy) {
            return policy.objection(parameters, target)
                    .map(PolicyEntry.Objection::text)
                    .orElse("the peer is not in its scope");
        }
        return parameters.identity().kmp().equals(PolicyEntry.MANUAL)
                ? "the peer is not in its scope"
                : "its keys did not come by hand, and no policy names its KMP";
    }

    /** Who makes the SAs that are missing. */
    static String acquired(Outlook outlook) {
        return outlook.open()
                .map(open -> "ACQUIRE " + open.sequence() + " for them is open, and KMP " + open.kmp() + " has it")
                .orElseGet(() -> "KMPs are asked for one, in this order: " + String.join(", ", outlook.kmps()));
    }

    /** What a message meets at a door. */
    static String finding(Finding finding, Optional<SaId> sa, Optional<PolicyRule> rule) {
        String reason = finding.closed().map(closed -> ": " + closed).orElse("");
        boolean open = finding.closed().isEmpty();
        return switch (finding.door()) {
            case CLEAR -> open ? "it passes in clear" : "it does not pass in clear" + reason;
            case SIGNS -> "it does not look like a message of an SA" + reason;
            case SA -> open ? "its record is for SA " + sa.map(SaId::toString).orElse("") : noSa(finding) + reason;
            case ENDPOINT -> "it is not for the endpoint of the SA" + reason;
            case BINDING ->
                finding.closed().equals(Optional.of(DiscardReason.BINDING_MISSING))
                        ? "it is a response, and which request it answers is not known here" + reason
                        : "it answers another request" + reason;
            case RECORD -> open ? "the number of its record is new" : "its record is not accepted" + reason;
            case TAG -> open ? "its tag is good" : "its tag is bad, and counts as a forgery" + reason;
            case MESSAGE -> open ? "the message inside is well-formed" : "the message inside is not one" + reason;
            case POLICY -> sixthDoor(open, rule) + reason;
            case FRESH -> open ? "its Echo is fresh" : "it has no Echo that is fresh, and would be answered with one";
        };
    }

    private static String noSa(Finding finding) {
        return finding.closed().equals(Optional.of(DiscardReason.SUSPENDED))
                ? "its SA is suspended"
                : "no SA is for it";
    }

    private static String sixthDoor(boolean open, Optional<PolicyRule> rule) {
        String name = rule.filter(present -> !present.name().isEmpty())
                .map(ExplainWords::policy)
                .orElse("no policy fits: what an SA opens");
        String passes = " passes" + rule.map(ExplainWords::fresh).orElse("");
        return name + (open ? passes : " does not let it pass under this SA");
    }
}
