// SPDX-License-Identifier: Apache-2.0
/** SAs from the four messages of a LESS-style exchange with a shared secret: docs/less.md. */
@NullMarked
package dev.samd.kmp.less;

import org.jspecify.annotations.NullMarked;
