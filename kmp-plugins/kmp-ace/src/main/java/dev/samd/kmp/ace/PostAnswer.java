// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.util.Optional;

/**
 * The good answer of the profile, P2.
 *
 * @param carried all octets, which the context hash covers
 * @param n2 the responder's nonce
 * @param id2 SPI of the responder's inbound SA
 * @param suite number of the suite that was chosen
 * @param version the record version
 * @param content number of what the records carry
 * @param expiresIn how long the token lives, where the responder says so
 */
record PostAnswer(
        Octets carried, Octets n2, Spi id2, int suite, int version, int content, Optional<Duration> expiresIn) {}
