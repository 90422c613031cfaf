// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.samd.kmp.sample;

import org.jspecify.annotations.NullMarked;
