// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.policy.Policy;

/** Writes policies as messages, and reads them. */
public interface PolicyRows {
    /** The message of a policy. */
    dev.samd.v1.Policy toWire(Policy policy);

    /** The policy of a message. */
    Policy fromWire(dev.samd.v1.Policy wire);
}
