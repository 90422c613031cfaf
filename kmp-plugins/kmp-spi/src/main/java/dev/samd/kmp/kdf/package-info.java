// SPDX-License-Identifier: Apache-2.0
/**
 * SA-KDF: from a shared secret, two nonces, two SPIs and the octets of the exchange to the keys of a pair. One derivation for
 * every KMP that does not bring a TLS key block. Enters: key material and public octets. Leaves: key material, owned by the
 * caller.
 */
@NullMarked
package dev.samd.kmp.kdf;

import org.jspecify.annotations.NullMarked;
