// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import java.util.function.Supplier;

/** One thing that may happen. */
record Step(World to, Supplier<String> words) {}
