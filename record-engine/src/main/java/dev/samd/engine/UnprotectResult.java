// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

/** What becomes of an {@link UnprotectCall}; what the caller did wrong is an exception instead. */
public sealed interface UnprotectResult permits Unprotected, Bypassed, Discarded, NotFresh, Challenged, MustWait {}
