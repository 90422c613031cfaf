// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

/** What came of looking at a protected message from outside. */
public sealed interface OuterReading permits OuterMessage, DiscardedMessage {}
