// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * Name of an SA, chosen by the receiver of its traffic; on the wire it is the connection ID (RFC 9146 s3).
 *
 * @param octets 1..20 octets, not all zero: an SPI of 0 is reserved (RFC 2367 s2.3.1)
 */
public record Spi(Octets octets) {
    /** RFC 9146 allows 255 octets; 20 as in RFC 9000 s17.2. */
    public static final int MAX_LENGTH = 20;

    public Spi {
        if (octets.isEmpty() || octets.length() > MAX_LENGTH) {
            throw new SaException(
                    SaError.INVALID_SPI,
                    octets.toHex(),
                    "SPI of " + octets.length() + " octets; 1.." + MAX_LENGTH + " expected");
        }
        boolean zero = true;
        for (int i = 0; i < octets.length(); i++) {
            zero &= octets.at(i) == 0;
        }
        if (zero) {
            throw new SaException(SaError.INVALID_SPI, octets.toHex(), "SPI " + octets + " is zero, which is reserved");
        }
    }

    /** Reads hexadecimal; refuses what is not hexadecimal, empty, too long or zero. */
    public static Spi ofHex(String hex) {
        try {
            return new Spi(Octets.ofHex(hex));
        } catch (IllegalArgumentException e) {
            throw new SaException(SaError.INVALID_SPI, hex, "SPI \"" + hex + "\" is not hexadecimal");
        }
    }

    /** Number of octets, 1..20. */
    public int length() {
        return octets.length();
    }

    /** Whether one of the two is a prefix of the other: a record does not say how long its CID is. */
    public boolean collidesWith(Spi other) {
        return octets.isPrefixOf(other.octets) || other.octets.isPrefixOf(octets);
    }

    @Override
    public String toString() {
        return octets.toHex();
    }
}
