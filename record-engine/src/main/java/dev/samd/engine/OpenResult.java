// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

/** What becomes of an {@link OpenCall}. */
public sealed interface OpenResult permits OpenedRecord, Discarded, MustWait {}
