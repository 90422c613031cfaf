// SPDX-License-Identifier: Apache-2.0
/** Tests of the driver, and a toy KMP that proves the contract kit. */
@NullMarked
package dev.samd.kmp.drive;

import org.jspecify.annotations.NullMarked;
