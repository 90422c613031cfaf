// SPDX-License-Identifier: Apache-2.0
/** SAs from a DTLS 1.2 handshake whose flights are CoAP payloads: docs/codtls.md. */
@NullMarked
package dev.samd.kmp.codtls;

import org.jspecify.annotations.NullMarked;
