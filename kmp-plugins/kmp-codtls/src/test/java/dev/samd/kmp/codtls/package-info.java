// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.samd.kmp.codtls;

import org.jspecify.annotations.NullMarked;
