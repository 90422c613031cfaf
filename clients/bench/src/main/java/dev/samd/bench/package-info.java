// SPDX-License-Identifier: Apache-2.0
/**
 * Measures what protection costs, beside other implementations of the same work in the same run.
 *
 * <p>{@link dev.samd.bench.Main} runs the parts and prints one table for each. A subject is one implementation of one kind of
 * work ({@link dev.samd.bench.AeadSubject}, {@link dev.samd.bench.RecordSubject}, {@link dev.samd.bench.MessageSubject}); the
 * benchmarks measure subjects and know no implementation, so all of them do the same work. Absolute figures move with the
 * machine and its other users: what is quoted is ratios from one run.
 */
@NullMarked
package dev.samd.bench;

import org.jspecify.annotations.NullMarked;
