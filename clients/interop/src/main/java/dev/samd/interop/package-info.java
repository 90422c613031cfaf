// SPDX-License-Identifier: Apache-2.0
/** Exchanges records with DTLS implementations of other makes, and prints who understands whom. */
@NullMarked
package dev.samd.interop;

import org.jspecify.annotations.NullMarked;
