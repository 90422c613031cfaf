// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.util.List;
import java.util.Optional;

/**
 * The request of the profile, P1: a token and what the initiator brings to the keys. Of a re-key: the same without a token.
 *
 * @param carried all octets, which the context hash covers
 * @param format its Content-Format
 * @param token empty in a re-key
 * @param n1 the initiator's nonce
 * @param id1 SPI of the initiator's inbound SA
 * @param suites numbers of the suites on offer, the preferred one first
 * @param version the record version on offer
 * @param content number of what the records are to carry
 * @param proof the tag, empty if there is none
 * @param covered how many of the octets the tag covers
 */
record Post(
        Octets carried,
        int format,
        Octets token,
        Octets n1,
        Spi id1,
        List<Integer> suites,
        int version,
        int content,
        Optional<Octets> proof,
        int covered) {}
