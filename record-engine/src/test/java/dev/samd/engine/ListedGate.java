// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.PathPattern;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A gate with a rule for each path; other requests are protected by anybody, and in clear refused. */
final class ListedGate implements PolicyGate {
    private final List<Rule> out = new ArrayList<>();
    private final List<Rule> in = new ArrayList<>();

    record Rule(String name, PathPattern path, PolicyRule.Action action, Set<String> kmps, long maxAgeNanos)
            implements PolicyRule {
        @Override
        public boolean admits(SaParameters sa, Endpoint peer) {
            return kmps.contains(sa.identity().kmp());
        }
    }

    ListedGate out(String path, PolicyRule.Action action, String... kmps) {
        out.add(rule("out", path, action, kmps));
        return this;
    }

    ListedGate in(String path, PolicyRule.Action action, String... kmps) {
        in.add(rule("in", path, action, kmps));
        return this;
    }

    /** Manual keys, and an Echo value that is no older than this. */
    ListedGate fresh(String path, long maxAgeNanos) {
        in.add(new Rule(
                "in" + path, PathPattern.parse(path), PolicyRule.Action.PROTECT, Set.of("manual"), maxAgeNanos));
        return this;
    }

    private static Rule rule(String way, String path, PolicyRule.Action action, String... kmps) {
        return new Rule(way + path, PathPattern.parse(path), action, Set.of(kmps), 0);
    }

    private static PolicyRule first(List<Rule> rules, CoapMessage request) {
        return rules.stream()
                .filter(rule -> rule.path.fits(request))
                .findFirst()
                .map(PolicyRule.class::cast)
                .orElse(PolicyGate.PROTECT_ALL.outbound(Endpoint.HOST_WIDE, Endpoint.HOST_WIDE, request));
    }

    @Override
    public PolicyRule outbound(Endpoint local, Endpoint target, CoapMessage request) {
        return first(out, request);
    }

    @Override
    public PolicyRule inbound(Endpoint local, Endpoint peer, CoapMessage request) {
        return first(in, request);
    }

    @Override
    public boolean looksAtInbound() {
        return !in.isEmpty();
    }
}
