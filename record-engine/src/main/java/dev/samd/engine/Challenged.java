// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.SaId;

/**
 * The answer to a request that was not released, because it did not prove that it was not held back.
 *
 * @param coap a protected response, 4.01 with an Echo value inside, a fresh array: send it to where the request came from
 * @param sa the SA that opened the request
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record Challenged(byte[] coap, SaId sa) implements UnprotectResult {}
