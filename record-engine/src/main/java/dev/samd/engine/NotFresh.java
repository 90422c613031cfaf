// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.SaId;

/**
 * A request that passes, but does not prove that it was not held back, as its rule wants it to. It is not released; its number
 * is consumed. {@link RecordEngine#challenge} makes the answer.
 *
 * @param sa the SA that opened it
 * @param answer a 4.01 with the Echo value that a later request has to bring
 */
public record NotFresh(SaId sa, ProtectCall answer) implements UnprotectResult {}
