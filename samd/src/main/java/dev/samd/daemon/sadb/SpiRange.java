// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.math.BigInteger;

/**
 * SPIs of one length, compared as numbers (SPIRANGE of RFC 2367 s2.3.6).
 *
 * @param min the least one
 * @param max the greatest one; equal to {@code min} to ask for exactly that
 */
public record SpiRange(Octets min, Octets max) {
    public SpiRange {
        if (min.isEmpty() || min.length() > Spi.MAX_LENGTH || min.length() != max.length()) {
            throw new SaException(
                    SaError.INVALID_SPI,
                    min + ".." + max,
                    "SPI range from " + min.length() + " to " + max.length() + " octets; one length of 1.."
                            + Spi.MAX_LENGTH + " expected");
        }
        if (min.compareTo(max) > 0) {
            throw new SaException(
                    SaError.INVALID_SPI, min + ".." + max, "SPI range " + min + ".." + max + " ends before it begins");
        }
    }

    /** How many values the range has. */
    BigInteger size() {
        return number(max).subtract(number(min)).add(BigInteger.ONE);
    }

    /** The value {@code offset} places behind the least one. */
    Octets at(BigInteger offset) {
        byte[] minimal = number(min).add(offset).toByteArray();
        byte[] octets = new byte[min.length()];
        int length = Math.min(minimal.length, octets.length);
        System.arraycopy(minimal, minimal.length - length, octets, octets.length - length, length);
        return Octets.of(octets);
    }

    private static BigInteger number(Octets octets) {
        return new BigInteger(1, octets.toArray());
    }
}
