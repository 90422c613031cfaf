// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Policy;
import dev.samd.client.PolicySelector;
import dev.samd.client.SaTemplate;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import java.time.Duration;

/** Policies as the daemon's configuration has them: what {@code policy list} prints, {@code policy add --file} reads. */
final class PolicyJson {
    private PolicyJson() {}

    /** One policy, without what is the default. */
    static Json of(Policy policy) {
        Json json = new Json().with("name", policy.name());
        addSelector(json, policy.selector());
        json.with("action", Words.of(policy.action()));
        if (!policy.kmps().isEmpty()) {
            json.with("kmp", policy.kmps());
        }
        if (!policy.identities().isEmpty()) {
            json.with(
                    "identities",
                    policy.identities().stream().map(PolicyJson::identity).toList());
        }
        addTemplate(json, policy.template());
        addIfAny(json, "fresh", policy.fresh());
        return json;
    }

    private static void addSelector(Json json, PolicySelector selector) {
        selector.direction().ifPresent(direction -> json.with("direction", Words.of(direction)));
        addIfAny(json, "local", selector.local().uri());
        addIfAny(json, "peer", selector.peer());
        if (!selector.methods().isEmpty()) {
            json.with("methods", selector.methods());
        }
        addIfAny(json, "path", selector.path());
    }

    private static void addTemplate(Json json, SaTemplate template) {
        if (!template.suites().isEmpty()) {
            json.with(
                    "suites", template.suites().stream().map(CipherSuite::name).toList());
        }
        if (template.content() != SaTemplate.ANY.content()) {
            json.with("content", Words.of(template.content()));
        }
        if (template.form() == Form.DRAFT_EXACT) {
            json.with("form", Words.of(template.form()));
        }
        if (!template.lifetime().equals(Lifetime.UNLIMITED)) {
            json.with(
                    "lifetime",
                    new Json()
                            .with("soft", limits(template.lifetime().soft()))
                            .with("hard", limits(template.lifetime().hard())));
        }
        if (template.window() != SaTemplate.ANY.window()) {
            json.with("window", template.window());
        }
        if (template.reqid() != 0) {
            json.with("reqid", Integer.toUnsignedLong(template.reqid()));
        }
    }

    private static Json identity(IdentityPattern pattern) {
        Json json = new Json();
        addIfAny(json, "kmp", pattern.kmp());
        pattern.type().ifPresent(type -> json.with("type", Words.of(type)));
        addIfAny(json, "issuer", pattern.issuer());
        addIfAny(json, "value", pattern.value());
        return json;
    }

    private static Json limits(Limits limits) {
        Json json = new Json();
        addIfAny(json, "add_time", limits.addTime());
        addIfAny(json, "use_time", limits.useTime());
        addIfAny(json, "records", limits.records());
        addIfAny(json, "octets", limits.octets());
        addIfAny(json, "failed_openings", limits.failedOpenings());
        return json;
    }

    private static void addIfAny(Json json, String name, String text) {
        if (!text.isEmpty()) {
            json.with(name, text);
        }
    }

    private static void addIfAny(Json json, String name, Duration time) {
        if (!time.isZero()) {
            boolean whole = time.equals(Duration.ofSeconds(time.toSeconds()));
            json.with(name, whole ? time.toSeconds() + "s" : time.toString());
        }
    }

    private static void addIfAny(Json json, String name, long number) {
        if (number != 0) {
            json.with(name, number);
        }
    }
}
