// SPDX-License-Identifier: Apache-2.0
/**
 * The AEAD algorithms of records (RFC 5116): key, nonce and octets enter, octets leave.
 *
 * <p>Only {@code dev.samd.record} calls in here, because only it knows that a nonce is used once. Keys are borrowed for
 * one call. Everything is thread-safe: what a call needs to work on is kept per thread, so that a record costs no
 * allocation here and an SA holds no cipher.
 */
@NullMarked
package dev.samd.aead;

import org.jspecify.annotations.NullMarked;
