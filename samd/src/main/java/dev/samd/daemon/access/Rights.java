// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import dev.samd.engine.CallerRights;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What one caller may do: the decisions by role, call and owner of an SA, as values. Immutable. */
public final class Rights implements CallerRights {
    private final Principal principal;
    private final List<Rule> rules;
    private final Quota quota;
    private final Set<Role> roles;
    /** The directions in which every SA is the caller's own, which is what most rules say: asked for each message. */
    private final Set<Direction> everywhere = EnumSet.noneOf(Direction.class);

    Rights(Principal principal, List<Rule> fitting, Quota quota) {
        this.principal = principal;
        this.rules = List.copyOf(fitting);
        this.quota = quota;
        this.roles = rules.stream().flatMap(rule -> rule.roles().stream()).collect(Collectors.toUnmodifiableSet());
        for (Rule rule : rules) {
            if (rule.roles().contains(Role.APP) && rule.endpoints().contains(Rule.ALL)) {
                everywhere.addAll(rule.directions());
            }
        }
    }

    /** Who. */
    public Principal principal() {
        return principal;
    }

    /** The rules that fit, in the order of the configuration. */
    public List<Rule> rules() {
        return rules;
    }

    /** What the caller may take. */
    public Quota quota() {
        return quota;
    }

    /** What the caller is. */
    public Set<Role> roles() {
        return roles;
    }

    /** Whether a call may be made at all, at a door. */
    public Decision mayCall(Verb verb, Door door) {
        if (!verb.isServedAt(door)) {
            String other = door == Door.APP ? "of administration" : "of programs and KMPs";
            return Decision.no(verb.shortName() + " is not served on this socket; use the one " + other);
        }
        if (verb.isOpenToAll()) {
            return new Decision(true, "", verb.shortName() + " is for everybody");
        }
        Optional<Rule> gives = first(rule -> verb.roles().stream().anyMatch(rule.roles()::contains));
        if (gives.isPresent()) {
            Rule rule = gives.get();
            String as = rule.roles().stream()
                    .filter(verb.roles()::contains)
                    .map(Role::word)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return Decision.yes(rule, "rule \"" + rule.name() + "\" makes it " + as);
        }
        String needed = verb.roles().stream().map(Role::word).sorted().collect(Collectors.joining(" or "));
        return Decision.no(who() + " needs the role " + needed + " for " + verb.shortName() + ", and "
                + (rules.isEmpty()
                        ? "no rule is for it"
                        : "its rules give " + (roles.isEmpty() ? "none" : words(roles)) + ": " + ruleNames()));
    }

    /** Whether the caller may use the SAs of a local endpoint in a direction. */
    public Decision use(Direction direction, Endpoint local) {
        String what = direction == Direction.OUTBOUND ? "protect" : "unprotect";
        String where = local.isHostWide() ? "by host-wide SAs" : "at local endpoint " + local;
        Optional<Rule> gives = first(
                rule -> rule.roles().contains(Role.APP) && rule.directions().contains(direction) && rule.owns(local));
        if (gives.isPresent()) {
            return Decision.yes(gives.get(), "rule \"" + gives.get().name() + "\" lets it " + what + " " + where);
        }
        return Decision.no(who() + " may not " + what + " " + where + ": no rule gives it that"
                + (local.isHostWide() ? "; say which local endpoint is meant, or give it \"host\"" : ""));
    }

    @Override
    public boolean mayUse(Direction direction, Endpoint local) {
        return everywhere.contains(direction)
                || first(rule -> rule.roles().contains(Role.APP)
                                && rule.directions().contains(direction)
                                && rule.owns(local))
                        .isPresent();
    }

    /** Whether the caller may register as a KMP, and install what it authenticated. */
    public Decision actAs(String kmp) {
        return first(rule -> rule.roles().contains(Role.KMP) && rule.names(kmp))
                .map(rule -> Decision.yes(rule, "rule \"" + rule.name() + "\" lets it be KMP " + kmp))
                .orElseGet(() -> Decision.no(who() + " may not be KMP \"" + kmp + "\": no rule gives it that name"));
    }

    /**
     * Whether the caller sees an SA. One that it does not see does not exist for it.
     *
     * @param owner the principal that installed it
     * @param local its local endpoint
     */
    public Decision see(String owner, Endpoint local) {
        Optional<Rule> reader = first(
                rule -> rule.roles().contains(Role.OPERATOR) || rule.roles().contains(Role.AUDITOR));
        if (reader.isPresent()) {
            return Decision.yes(reader.get(), "rule \"" + reader.get().name() + "\" shows it every SA");
        }
        Optional<Rule> made = first(rule -> isMaker(owner) && rule.roles().contains(Role.KMP));
        if (made.isPresent()) {
            return Decision.yes(made.get(), "it installed the SA itself");
        }
        return first(rule -> rule.roles().contains(Role.APP) && rule.owns(local))
                .map(rule -> Decision.yes(rule, "rule \"" + rule.name() + "\" gives it the endpoint of the SA"))
                .orElseGet(() -> Decision.no("the SA belongs to " + owner
                        + (local.isHostWide() ? " and is host-wide" : " and to local endpoint " + local)
                        + "; for " + who() + " it does not exist"));
    }

    /** As {@link #see}, without words: asked for each SA of a listing. */
    public boolean sees(String owner, Endpoint local) {
        return seesEverything()
                || (roles.contains(Role.KMP) && isMaker(owner))
                || first(rule -> rule.roles().contains(Role.APP) && rule.owns(local))
                        .isPresent();
    }

    /** Whether the caller may end an SA. */
    public Decision end(String owner) {
        return first(rule ->
                        rule.roles().contains(Role.OPERATOR) || (rule.roles().contains(Role.KMP) && isMaker(owner)))
                .map(rule -> Decision.yes(rule, "rule \"" + rule.name() + "\" lets it end the SA"))
                .orElseGet(() -> Decision.no("the SA belongs to " + owner + ", not to " + who()));
    }

    /** Whether the caller may change an SA: whoever installed it alone. */
    public Decision change(String owner) {
        return first(rule -> rule.roles().contains(Role.KMP) && isMaker(owner))
                .map(rule -> Decision.yes(rule, "it installed the SA itself"))
                .orElseGet(() -> Decision.no("the SA belongs to " + owner + ", not to " + who()));
    }

    /** Whether the caller may know of everything that is in the database. */
    public boolean seesEverything() {
        return roles.contains(Role.OPERATOR) || roles.contains(Role.AUDITOR);
    }

    /** What the caller may use, to be told about messages: all of it for who administers. */
    public CallerRights forExplanations() {
        return seesEverything() ? CallerRights.ALL : this;
    }

    /** What the caller may use, to have a captured message tried: a tag that fails counts, so reading is not enough. */
    public CallerRights forTrials() {
        return roles.contains(Role.OPERATOR) ? CallerRights.ALL : this;
    }

    private boolean isMaker(String owner) {
        return owner.equals(principal.name());
    }

    private Optional<Rule> first(Predicate<Rule> wanted) {
        for (Rule rule : rules) {
            if (wanted.test(rule)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    private String who() {
        return principal.name().isEmpty() ? "a certificate that names nobody" : principal.name();
    }

    private static String words(Set<Role> roles) {
        return roles.stream().map(Role::word).sorted().collect(Collectors.joining(", "));
    }

    private String ruleNames() {
        return rules.stream().map(rule -> "\"" + rule.name() + "\"").collect(Collectors.joining(", "));
    }
}
