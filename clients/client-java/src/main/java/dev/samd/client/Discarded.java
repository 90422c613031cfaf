// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.SaId;
import java.util.Optional;

/**
 * A message, or a record, that is not accepted. Not for strangers.
 *
 * @param reason why
 * @param sa the SA, where there is one and the caller has a right to it
 * @param tellNetwork there is no usable SA for the connection ID: the one thing that may be told to the network, as an
 *     unprotected 4.01
 */
public record Discarded(DiscardReason reason, Optional<SaId> sa, boolean tellNetwork) implements UnprotectOutcome {}
