// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import dev.samd.coap.CoapCode;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.PathPattern;
import dev.samd.engine.PolicyGate;
import dev.samd.engine.PolicyRule;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The policies at one moment: an ordered list, of which the first that fits decides. Immutable: a change makes another one.
 *
 * <p>Where none fits, a request is protected, and an SA speaks for its peer if its keys came by hand; what an SA opens is
 * accepted, and what comes in clear is not.
 */
public final class Policies implements PolicyGate {
    /** The most policies there may be. */
    public static final int MAX_POLICIES = 1024;

    /** The name of the rule that lets messages for KMPs pass in clear; no policy can have it. */
    public static final String RESOURCE_RULE = "(kmp resource)";

    private static final PolicyRule DEFAULT_OUTBOUND = new Rule("", PolicyRule.Action.PROTECT) {
        @Override
        public boolean admits(SaParameters sa, Endpoint peer) {
            return sa.identity().kmp().equals(PolicyEntry.MANUAL) && sa.peer().equals(peer);
        }
    };

    private static final PolicyRule DEFAULT_INBOUND = new Rule("", PolicyRule.Action.PROTECT);
    private static final PolicyRule KMP_RESOURCE = new Rule(RESOURCE_RULE, PolicyRule.Action.BYPASS);

    /** Without any entry. */
    public static final Policies NONE = new Policies(List.of(), Set.of());

    private final List<Policy> list;
    private final Set<PathPattern> resources;
    private final List<Policy> outbound;
    /** For each peer that is named without a star: the outbound policies that fit it, in order. */
    private final Map<Endpoint, List<Policy>> outboundToNamed = new HashMap<>();
    /** The outbound policies that name no single peer: all that can fit another one. */
    private final List<Policy> outboundToOthers;

    private final List<Inbound> inbound;

    private Policies(List<Policy> list, Set<PathPattern> resources) {
        this.list = List.copyOf(list);
        this.resources = Set.copyOf(resources);
        outbound = this.list.stream()
                .filter(policy -> policy.selector().isFor(Direction.OUTBOUND))
                .toList();
        outboundToOthers = outbound.stream()
                .filter(policy -> policy.selector().namedPeer().isEmpty())
                .toList();
        for (Policy policy : outbound) {
            policy.selector()
                    .namedPeer()
                    .ifPresent(peer -> outboundToNamed.computeIfAbsent(peer, this::outboundFitting));
        }
        inbound = this.list.stream()
                .filter(policy -> policy.selector().isFor(Direction.INBOUND))
                .map(policy -> Inbound.of(policy))
                .toList();
    }

    private List<Policy> outboundFitting(Endpoint peer) {
        return outbound.stream()
                .filter(policy -> policy.selector().fitsPeer(peer))
                .toList();
    }

    /**
     * Policies in that order.
     *
     * @throws SaException {@link SaError#POLICY_EXISTS} if two have one name, {@link SaError#TOO_MANY}
     */
    public static Policies of(List<Policy> list) {
        return NONE.with(list);
    }

    private Policies with(List<Policy> changed) {
        if (changed.size() > MAX_POLICIES) {
            throw new SaException(
                    SaError.TOO_MANY,
                    Integer.toString(changed.size()),
                    changed.size() + " policies; there may be " + MAX_POLICIES);
        }
        Set<String> names = new HashSet<>();
        for (Policy policy : changed) {
            if (!names.add(policy.name())) {
                throw new SaException(
                        SaError.POLICY_EXISTS, policy.name(), "there is a policy \"" + policy.name() + "\" already");
            }
        }
        return new Policies(changed, resources);
    }

    /** All, in order. */
    public List<Policy> list() {
        return list;
    }

    /** Number of entries. */
    public int size() {
        return list.size();
    }

    /**
     * The policy of a name.
     *
     * @throws SaException {@link SaError#NO_SUCH_POLICY}
     */
    public Policy require(String name) {
        return list.get(indexOf(name));
    }

    private int indexOf(String name) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new SaException(SaError.NO_SUCH_POLICY, name, "there is no policy \"" + name + "\"");
    }

    /**
     * These and one more.
     *
     * @param before name of the policy that it is to stand in front of; empty for the end of the list
     * @throws SaException {@link SaError#POLICY_EXISTS}, {@link SaError#NO_SUCH_POLICY}, {@link SaError#TOO_MANY}
     */
    public Policies add(Policy policy, String before) {
        List<Policy> longer = new ArrayList<>(list);
        longer.add(before.isEmpty() ? list.size() : indexOf(before), policy);
        return with(longer);
    }

    /**
     * These, with another one of the same name in its place.
     *
     * @throws SaException {@link SaError#NO_SUCH_POLICY}
     */
    public Policies replace(Policy policy) {
        List<Policy> changed = new ArrayList<>(list);
        changed.set(indexOf(policy.name()), policy);
        return with(changed);
    }

    /**
     * These without one.
     *
     * @throws SaException {@link SaError#NO_SUCH_POLICY}
     */
    public Policies remove(String name) {
        List<Policy> shorter = new ArrayList<>(list);
        shorter.remove(indexOf(name));
        return with(shorter);
    }

    /** None of these. What KMPs have registered stays. */
    public Policies cleared() {
        return with(List.of());
    }

    /**
     * These, with other resources of KMPs: a POST in clear to exactly one of them passes, nothing else.
     *
     * @param paths each of one path, as {@code /authz-info}, or of those one segment below one, as {@code /less/*}
     * @throws SaException {@link SaError#MALFORMED}
     */
    public Policies withResources(Collection<String> paths) {
        Set<PathPattern> patterns = new HashSet<>();
        for (String path : paths) {
            PathPattern pattern = PathPattern.parse(path);
            if (!pattern.isOnePlace()) {
                throw new SaException(
                        SaError.MALFORMED,
                        path,
                        "resource \"" + path + "\" is neither one path, which begins with /, nor /PATH/*");
            }
            patterns.add(pattern);
        }
        return new Policies(list, patterns);
    }

    /**
     * The peers that an SA may be used for, as far as they can be listed: its own peer, and those that policies name without a
     * star, of which each has a policy that admits it.
     */
    public Set<Endpoint> scopeOf(SaParameters sa) {
        if (outbound.isEmpty()) {
            return DEFAULT_OUTBOUND.admits(sa, sa.peer()) ? Set.of(sa.peer()) : Set.of();
        }
        Set<Endpoint> scope = new LinkedHashSet<>();
        if (maySpeakFor(sa, sa.peer())) {
            scope.add(sa.peer());
        }
        for (Endpoint peer : outboundToNamed.keySet()) {
            if (!scope.contains(peer) && maySpeakFor(sa, peer)) {
                scope.add(peer);
            }
        }
        return Set.copyOf(scope);
    }

    private boolean maySpeakFor(SaParameters sa, Endpoint peer) {
        boolean byDefault = true;
        for (Policy policy : fitting(peer)) {
            PolicySelector selector = policy.selector();
            if (!selector.fitsPeer(peer) || !selector.mayFitLocal(sa.local())) {
                continue;
            }
            if (policy.entry().action() == PolicyRule.Action.PROTECT
                    && policy.entry().admits(sa, peer)) {
                return true;
            }
            if (selector.coversLocal(sa.local())) {
                byDefault = false;
                break;
            }
        }
        return byDefault && DEFAULT_OUTBOUND.admits(sa, peer);
    }

    /** The first policy for requests to a peer that admits an SA: what a successor of the SA has to be like. */
    public Optional<PolicyEntry> entryFor(SaParameters sa, Endpoint peer) {
        return fitting(peer).stream()
                .filter(policy -> policy.selector().fitsPeer(peer)
                        && policy.selector().mayFitLocal(sa.local())
                        && policy.entry().action() == PolicyRule.Action.PROTECT
                        && policy.entry().admits(sa, peer))
                .map(Policy::entry)
                .findFirst();
    }

    private List<Policy> fitting(Endpoint peer) {
        return outboundToNamed.getOrDefault(peer, outboundToOthers);
    }

    @Override
    public PolicyRule outbound(Endpoint local, Endpoint target, CoapMessage request) {
        List<Policy> candidates = fitting(target);
        for (int i = 0; i < candidates.size(); i++) {
            Policy policy = candidates.get(i);
            if (policy.selector().fitsRequest(local, request)
                    && policy.selector().fitsPeer(target)) {
                return policy.entry();
            }
        }
        return DEFAULT_OUTBOUND;
    }

    @Override
    public PolicyRule inbound(Endpoint local, Endpoint peer, CoapMessage request) {
        boolean clear = peer.isHostWide();
        if (clear && isForKmp(request)) {
            return KMP_RESOURCE;
        }
        for (int i = 0; i < inbound.size(); i++) {
            Inbound policy = inbound.get(i);
            boolean fits = policy.selector.fitsRequest(local, request)
                    && (clear ? policy.decidesClear() : policy.selector.fitsPeer(peer));
            if (fits) {
                // A KMP has nonces of its own, and what it answers is not for a challenge to delay.
                return policy.asksFresh() && isForKmp(request) ? policy.ofAnyAge : policy.rule;
            }
        }
        return DEFAULT_INBOUND;
    }

    private boolean isForKmp(CoapMessage request) {
        if (request.code() != CoapCode.POST) {
            return false;
        }
        for (PathPattern resource : resources) {
            if (resource.fits(request)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean looksAtInbound() {
        return !inbound.isEmpty();
    }

    /**
     * A policy for requests that arrive.
     *
     * @param ofAnyAge the rule without what it asks of freshness
     */
    private record Inbound(PolicySelector selector, InboundRule rule, InboundRule ofAnyAge) {
        static Inbound of(Policy policy) {
            PolicyEntry entry = policy.entry();
            return new Inbound(
                    policy.selector(), new InboundRule(entry, entry.fresh().toNanos()), new InboundRule(entry, 0));
        }

        boolean asksFresh() {
            return rule.maxAgeNanos > 0;
        }

        /**
         * Whether it decides of a message in clear, which names nobody. It could be anybody's, so what protects or discards
         * one peer's requests stops it, and what lets pass one peer's requests does not let it pass.
         */
        boolean decidesClear() {
            return rule.action() != PolicyRule.Action.BYPASS
                    || (selector.peer().isEmpty() && rule.entry.identities().isEmpty());
        }
    }

    /** An entry as it is meant for requests that arrive. */
    private static final class InboundRule implements PolicyRule {
        private final PolicyEntry entry;
        private final long maxAgeNanos;

        InboundRule(PolicyEntry entry, long maxAgeNanos) {
            this.entry = entry;
            this.maxAgeNanos = maxAgeNanos;
        }

        @Override
        public String name() {
            return entry.name();
        }

        @Override
        public Action action() {
            return entry.action();
        }

        @Override
        public boolean admits(SaParameters sa, Endpoint peer) {
            return entry.inboundObjection(sa, peer).isEmpty();
        }

        @Override
        public long maxAgeNanos() {
            return maxAgeNanos;
        }
    }

    /** A rule that stands in no list. */
    private static class Rule implements PolicyRule {
        private final String name;
        private final Action action;

        Rule(String name, Action action) {
            this.name = name;
            this.action = action;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Action action() {
            return action;
        }

        @Override
        public boolean admits(SaParameters sa, Endpoint peer) {
            return true;
        }
    }
}
