// SPDX-License-Identifier: Apache-2.0
/** What most KMPs need: their section of the configuration, pairs from a plan, reasons in words, answers that are given again. */
@NullMarked
package dev.samd.kmp.kit;

import org.jspecify.annotations.NullMarked;
