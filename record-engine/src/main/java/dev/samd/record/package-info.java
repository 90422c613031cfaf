// SPDX-License-Identifier: Apache-2.0
/**
 * The DTLS 1.2 record layer of one SA: plaintext and a number become a record, a record becomes plaintext once.
 *
 * <p>A {@link dev.samd.record.Sealer} serves an outbound SA, an {@link dev.samd.record.Opener} an inbound one. RFC 6347
 * s4.1 rules here, RFC 9146 where records carry a connection ID, RFC 9147 s4.5.3 for the limits of keys. What a peer does
 * wrong is a value; what is worth knowing about an SA goes to its {@link dev.samd.record.WearListener}. Nobody but the
 * package's own classes computes a nonce.
 */
@NullMarked
package dev.samd.record;

import org.jspecify.annotations.NullMarked;
