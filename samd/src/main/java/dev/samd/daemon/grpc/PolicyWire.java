// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.coap.PathPattern;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.policy.PolicySelector;
import dev.samd.engine.PolicyRule.Action;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Form;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import dev.samd.wire.WireEnum;
import java.util.List;
import java.util.Optional;

/** Policies as messages. What stands for a default is shown as it was not said. */
final class PolicyWire {
    private static final WireEnum<Action, PolicyAction> ACTION =
            new WireEnum<>(Action.class, PolicyAction.class, "POLICY_ACTION_", null);
    private static final WireEnum<Direction, PolicyDirection> DIRECTION =
            new WireEnum<>(Direction.class, PolicyDirection.class, "POLICY_DIRECTION_", null);

    private PolicyWire() {}

    /** @throws SaException naming the field and the value that cannot be */
    static Policy fromWire(boolean there, dev.samd.v1.Policy wire) {
        if (!there) {
            throw new SaException(SaError.MALFORMED, "policy", "policy is missing");
        }
        Content content = SaWire.CONTENT.fromWire("content", wire.getContentValue(), Content.MESSAGE);
        Form form = SaWire.FORM.fromWire("form", wire.getFormValue());
        PolicyEntry entry = new PolicyEntry(
                wire.getName(),
                ACTION.fromWire("action", wire.getActionValue()),
                wire.getKmpsList(),
                wire.getIdentitiesList().stream().map(SaWire::fromWire).toList(),
                wire.getSuitesList().stream().map(CipherSuite::ofCode).toList(),
                content,
                form == Form.NONE && content == Content.MESSAGE ? Form.SAMD : form,
                SaWire.fromWire(wire.getLifetime()),
                wire.getWindow() == 0 ? SaParameters.DEFAULT_WINDOW : wire.getWindow(),
                wire.getReqid(),
                FieldWire.duration("fresh", wire.getFresh()));
        return new Policy(fromWire(wire.getSelector()), entry);
    }

    private static PolicySelector fromWire(dev.samd.v1.PolicySelector wire) {
        return new PolicySelector(
                wire.getDirectionValue() == 0
                        ? Optional.empty()
                        : Optional.of(DIRECTION.fromWire("direction", wire.getDirectionValue())),
                FieldWire.endpoint("local", wire.getLocal()),
                wire.getPeer(),
                PolicySelector.methodsOf(wire.getMethodsList()),
                PathPattern.parse(wire.getPath()));
    }

    static dev.samd.v1.Policy toWire(Policy policy) {
        PolicyEntry entry = policy.entry();
        List<CipherSuite> suites = entry.suites().equals(PolicyEntry.ALL_SUITES) ? List.of() : entry.suites();
        dev.samd.v1.Policy.Builder wire = dev.samd.v1.Policy.newBuilder()
                .setName(entry.name())
                .setSelector(toWire(policy.selector()))
                .setAction(ACTION.toWire(entry.action()))
                .addAllKmps(entry.kmps())
                .addAllIdentities(
                        entry.identities().stream().map(SaWire::toWire).toList())
                .addAllSuites(suites.stream().map(CipherSuite::code).toList())
                .setContent(SaWire.CONTENT.toWire(entry.content()))
                .setForm(SaWire.FORM.toWire(entry.form()))
                .setLifetime(SaWire.toWire(entry.lifetime()))
                .setWindow(entry.window())
                .setReqid(entry.reqid());
        if (!entry.fresh().isZero()) {
            wire.setFresh(FieldWire.duration(entry.fresh()));
        }
        return wire.build();
    }

    private static dev.samd.v1.PolicySelector toWire(PolicySelector selector) {
        dev.samd.v1.PolicySelector.Builder wire = dev.samd.v1.PolicySelector.newBuilder()
                .setLocal(selector.local().uri())
                .setPeer(selector.peer())
                .addAllMethods(selector.methodNames())
                .setPath(selector.path().toString());
        selector.direction().ifPresent(direction -> wire.setDirection(DIRECTION.toWire(direction)));
        return wire.build();
    }
}
