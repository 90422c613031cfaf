// SPDX-License-Identifier: Apache-2.0
/**
 * Access tokens: CWT (RFC 8392) and JWT (RFC 7519) that name a proof-of-possession key (RFC 8747, RFC 7800). The verifier takes
 * octets and a time and gives the token or why it is refused; the writer is its counterpart for an authorization server.
 */
@NullMarked
package dev.samd.kmp.ace.token;

import org.jspecify.annotations.NullMarked;
