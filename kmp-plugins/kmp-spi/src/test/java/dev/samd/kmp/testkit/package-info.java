// SPDX-License-Identifier: Apache-2.0
/**
 * The contract every KMP has to keep, as a test class to inherit, and what it needs: two drivers joined by a bad network, two
 * daemons that remember everything, and a clock that is moved by hand.
 */
@NullMarked
package dev.samd.kmp.testkit;

import org.jspecify.annotations.NullMarked;
