// SPDX-License-Identifier: Apache-2.0
/** Kerberos against key distribution centres that really run. */
@NullMarked
package dev.samd.kmp.kerberos;

import org.jspecify.annotations.NullMarked;
