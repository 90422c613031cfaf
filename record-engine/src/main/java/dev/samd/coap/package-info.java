// SPDX-License-Identifier: Apache-2.0
/**
 * CoAP messages on their way into a record and out of one, without any CoAP library.
 *
 * <p>Protecting: {@link dev.samd.coap.CoapMessage} in, {@link dev.samd.coap.PreparedMessage} out, which is the plaintext
 * of a record and the octets that stand before the record. Unprotecting: octets in,
 * {@link dev.samd.coap.OuterMessage} out, which says what the message looks like from outside and where its record is;
 * then, with the opened plaintext, the {@link dev.samd.coap.Rebuilt} message. Sealing and opening lie between and are
 * somebody else's. RFC 7252 s3 rules the octets, app-layer-sec s3 the split, RFC 8613 s4 the classes of the options.
 */
@NullMarked
package dev.samd.coap;

import org.jspecify.annotations.NullMarked;
