// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;

/** What becomes of a message that is to leave: it leaves protected, or in clear because the policy says so. */
public sealed interface ProtectOutcome permits ProtectedMessage, Bypassed {
    /** The message that may leave. */
    Octets coap();
}
