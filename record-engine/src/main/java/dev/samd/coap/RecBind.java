// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.util.Optional;

/**
 * Names the request record that a response answers: {@code epoch:2 | sequence:6 [| spi:1..20]}, big-endian as in the
 * record header. The short form, without SPI, is used under the pair of the request; the long one under a pair that
 * supersedes it.
 *
 * @param epoch of the request record, 0..65535
 * @param sequence of the request record, 0..2^48-1
 * @param spi of the request's SA, 1..20 octets, or {@link Octets#EMPTY} for the short form
 */
public record RecBind(int epoch, long sequence, Octets spi) {
    /** Octets of the short form. */
    public static final int SHORT_LENGTH = 8;

    /** The most octets of the long form. */
    public static final int MAX_LENGTH = SHORT_LENGTH + Spi.MAX_LENGTH;

    private static final int MAX_EPOCH = 0xffff;
    private static final long MAX_SEQUENCE = 0xffff_ffff_ffffL;

    public RecBind {
        if (epoch < 0
                || epoch > MAX_EPOCH
                || sequence < 0
                || sequence > MAX_SEQUENCE
                || spi.length() > Spi.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "epoch " + epoch + ", sequence " + sequence + ", SPI of " + spi.length() + " octets");
        }
    }

    /** The short form. */
    public static RecBind ofNumber(int epoch, long sequence) {
        return new RecBind(epoch, sequence, Octets.EMPTY);
    }

    /** Reads either form; empty if the length is that of neither. */
    public static Optional<RecBind> parse(Octets octets) {
        if (!isLength(octets.length())) {
            return Optional.empty();
        }
        byte[] source = octets.toArray();
        long number = number(source, 0);
        Octets spi = Octets.of(source, SHORT_LENGTH, source.length - SHORT_LENGTH);
        return Optional.of(new RecBind((int) (number >>> 48), number & MAX_SEQUENCE, spi));
    }

    static boolean isLength(int length) {
        return length >= SHORT_LENGTH && length <= MAX_LENGTH;
    }

    private static long number(byte[] source, int offset) {
        long number = 0;
        for (int i = 0; i < SHORT_LENGTH; i++) {
            number = number << 8 | (source[offset + i] & 0xff);
        }
        return number;
    }

    /** Whether this is the long form. */
    public boolean isLong() {
        return !spi.isEmpty();
    }

    /** The octets of the option, 8 or 9..28, a fresh array owned by the caller. */
    public byte[] toOctets() {
        byte[] octets = new byte[SHORT_LENGTH + spi.length()];
        long number = number();
        for (int i = 0; i < SHORT_LENGTH; i++) {
            octets[i] = (byte) (number >>> (56 - 8 * i));
        }
        spi.copyTo(octets, SHORT_LENGTH);
        return octets;
    }

    private long number() {
        return (long) epoch << 48 | sequence;
    }

    /** Whether a region is exactly this binding in exactly this form. */
    boolean matches(byte[] region, int offset, int length) {
        return length == SHORT_LENGTH + spi.length()
                && number(region, offset) == number()
                && spi.isPrefixOf(region, offset + SHORT_LENGTH, spi.length());
    }
}
