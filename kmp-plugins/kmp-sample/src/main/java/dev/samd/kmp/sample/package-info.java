// SPDX-License-Identifier: Apache-2.0
/** The KMP of docs/kmp-guide.md: a whole one to learn from, and not to use. */
@NullMarked
package dev.samd.kmp.sample;

import org.jspecify.annotations.NullMarked;
