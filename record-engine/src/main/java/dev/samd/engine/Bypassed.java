// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

/**
 * A message that the policy lets pass in clear.
 *
 * @param octets the message as it came
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record Bypassed(byte[] octets) implements ProtectResult, UnprotectResult {}
