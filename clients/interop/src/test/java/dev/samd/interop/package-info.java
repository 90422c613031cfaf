// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.samd.interop;

import org.jspecify.annotations.NullMarked;
