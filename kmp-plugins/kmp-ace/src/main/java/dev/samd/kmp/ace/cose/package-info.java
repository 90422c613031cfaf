// SPDX-License-Identifier: Apache-2.0
/**
 * The little of COSE (RFC 9052, RFC 9053) that tokens need: Encrypt0, Sign1 and symmetric COSE_Key, and a reader of CBOR that
 * strangers wrote.
 */
@NullMarked
package dev.samd.kmp.ace.cose;

import org.jspecify.annotations.NullMarked;
