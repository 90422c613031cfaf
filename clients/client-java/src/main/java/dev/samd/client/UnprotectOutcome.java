// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

/** What became of a message, or a record, of a peer. */
public sealed interface UnprotectOutcome permits Opened, Bypassed, Challenged, Discarded {}
