// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.samd.kmp.less;

import org.jspecify.annotations.NullMarked;
