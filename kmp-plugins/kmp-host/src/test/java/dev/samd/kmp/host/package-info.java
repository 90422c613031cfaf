// SPDX-License-Identifier: Apache-2.0
/** Tests of kmpd on real UDP, with a toy KMP and a daemon that remembers what it was asked. */
@NullMarked
package dev.samd.kmp.host;

import org.jspecify.annotations.NullMarked;
