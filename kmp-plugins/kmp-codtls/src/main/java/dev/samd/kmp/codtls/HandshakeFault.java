// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Octets;

/**
 * A handshake that has ended without SAs.
 *
 * @param reason in words, without a secret
 * @param alert the record that tells the peer so (RFC 5246 s7.2)
 */
record HandshakeFault(String reason, Octets alert) {}
