// SPDX-License-Identifier: Apache-2.0
/**
 * What a key management protocol (KMP) is: a pure state machine that is told what happens and says what to do. It knows no
 * clock, thread, socket or daemon; the driver brings all of them.
 */
@NullMarked
package dev.samd.kmp;

import org.jspecify.annotations.NullMarked;
