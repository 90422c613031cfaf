// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.samd.crashtest;

import org.jspecify.annotations.NullMarked;
