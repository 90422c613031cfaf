// SPDX-License-Identifier: Apache-2.0
/**
 * A model of who may use which number of a key, searched exhaustively: {@code docs/crash-safety.md} has the invariant and the
 * rules in words. {@link dev.samd.daemon.store.model.World} is a state, {@link dev.samd.daemon.store.model.Moves} says what
 * may happen next, {@link dev.samd.daemon.store.model.Search} looks at every state within a
 * {@link dev.samd.daemon.store.model.Scope}.
 */
@NullMarked
package dev.samd.daemon.store.model;

import org.jspecify.annotations.NullMarked;
