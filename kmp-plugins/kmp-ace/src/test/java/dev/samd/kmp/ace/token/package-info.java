// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.samd.kmp.ace.token;

import org.jspecify.annotations.NullMarked;
