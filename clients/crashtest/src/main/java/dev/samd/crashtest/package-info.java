// SPDX-License-Identifier: Apache-2.0
/**
 * Two daemons under load that are killed again and again. {@link dev.samd.crashtest.Run} kills, clients protect and
 * unprotect, an attacker brings old records back, a manager changes SAs; everything that a daemon said goes into the
 * {@link dev.samd.crashtest.Journal}, and the {@link dev.samd.crashtest.Checker} says whether all of it can be true:
 * {@code docs/crash-safety.md}.
 */
@NullMarked
package dev.samd.crashtest;

import org.jspecify.annotations.NullMarked;
