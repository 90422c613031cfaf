// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.store.PolicyRows;

/** Policies are kept as the messages that they are set by. */
public final class PolicyMessages implements PolicyRows {
    @Override
    public dev.samd.v1.Policy toWire(Policy policy) {
        return PolicyWire.toWire(policy);
    }

    @Override
    public Policy fromWire(dev.samd.v1.Policy wire) {
        return PolicyWire.fromWire(true, wire);
    }
}
