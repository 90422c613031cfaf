// SPDX-License-Identifier: Apache-2.0
/**
 * The token profile {@code x_dtls_record}: SAs from an access token (RFC 9200) and two nonces, without a handshake. Enters: an
 * acquire, or a post to {@code /authz-info}. Leaves: a pair with its keys. Pure: the driver of kmp-spi brings clock, transport
 * and daemon.
 */
@NullMarked
package dev.samd.kmp.ace;

import org.jspecify.annotations.NullMarked;
