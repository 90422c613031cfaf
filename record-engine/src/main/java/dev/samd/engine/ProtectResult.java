// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

/** What becomes of a {@link ProtectCall}; what the caller did wrong is an exception instead. */
public sealed interface ProtectResult permits Protected, Bypassed, MustWait {}
