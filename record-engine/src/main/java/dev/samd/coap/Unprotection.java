// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

/** What came of rebuilding a message from its plaintext. */
public sealed interface Unprotection permits Rebuilt, DiscardedMessage {}
