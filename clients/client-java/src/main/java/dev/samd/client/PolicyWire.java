// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import dev.samd.wire.WireEnum;

/** Policies: to the daemon, and back. */
final class PolicyWire {
    static final WireEnum<Policy.Action, PolicyAction> ACTION =
            new WireEnum<>(Policy.Action.class, PolicyAction.class, "POLICY_ACTION_", null);

    static final WireEnum<Direction, PolicyDirection> DIRECTION =
            new WireEnum<>(Direction.class, PolicyDirection.class, "POLICY_DIRECTION_", null);

    private PolicyWire() {}

    static dev.samd.v1.Policy toWire(Policy policy) {
        SaTemplate template = policy.template();
        dev.samd.v1.Policy.Builder wire = dev.samd.v1.Policy.newBuilder()
                .setName(policy.name())
                .setSelector(toWire(policy.selector()))
                .setAction(ACTION.toWire(policy.action()))
                .addAllKmps(policy.kmps())
                .setContent(SaWire.CONTENT.toWire(template.content()))
                .setForm(SaWire.FORM.toWire(template.form()))
                .setLifetime(SaWire.toWire(template.lifetime()))
                .setWindow(template.window())
                .setReqid(template.reqid());
        for (IdentityPattern pattern : policy.identities()) {
            wire.addIdentities(SaWire.toWire(pattern));
        }
        for (CipherSuite suite : template.suites()) {
            wire.addSuites(suite.code());
        }
        if (!policy.fresh().isZero()) {
            wire.setFresh(FieldWire.duration(policy.fresh()));
        }
        return wire.build();
    }

    /**
     * One entry.
     *
     * @throws SaException if the daemon sends what this version does not understand
     */
    static Policy policy(dev.samd.v1.Policy wire) {
        return new Policy(
                wire.getName(),
                selector(wire.getSelector()),
                ACTION.fromWire("action", wire.getActionValue()),
                wire.getKmpsList(),
                wire.getIdentitiesList().stream().map(SaWire::fromWire).toList(),
                template(wire),
                FieldWire.duration("fresh", wire.getFresh()));
    }

    private static dev.samd.v1.PolicySelector toWire(PolicySelector selector) {
        dev.samd.v1.PolicySelector.Builder wire = dev.samd.v1.PolicySelector.newBuilder()
                .setLocal(selector.local().uri())
                .setPeer(selector.peer())
                .addAllMethods(selector.methods())
                .setPath(selector.path());
        selector.direction().ifPresent(direction -> wire.setDirection(DIRECTION.toWire(direction)));
        return wire.build();
    }

    private static PolicySelector selector(dev.samd.v1.PolicySelector wire) {
        return new PolicySelector(
                DIRECTION.find(wire.getDirectionValue()),
                FieldWire.endpoint("local", wire.getLocal()),
                wire.getPeer(),
                wire.getMethodsList(),
                wire.getPath());
    }

    private static SaTemplate template(dev.samd.v1.Policy wire) {
        Content content = SaWire.CONTENT.fromWire("content", wire.getContentValue(), Content.MESSAGE);
        Form form = SaWire.FORM.fromWire("form", wire.getFormValue());
        return new SaTemplate(
                wire.getSuitesList().stream().map(CipherSuite::ofCode).toList(),
                content,
                form == Form.NONE && content == Content.MESSAGE ? Form.SAMD : form,
                SaWire.fromWire(wire.getLifetime()),
                wire.getWindow() == 0 ? SaParameters.DEFAULT_WINDOW : wire.getWindow(),
                wire.getReqid());
    }
}
