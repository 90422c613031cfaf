// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.samd.kmp.ace.cose;

import org.jspecify.annotations.NullMarked;
