// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.math.BigInteger;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses inbound SPIs: four random octets, or out of a range. Random, so that nobody can tell what comes next. */
final class SpiAllocator {
    private static final int DEFAULT_LENGTH = 4;
    private static final int RANDOM_PICKS = 1000;
    private static final BigInteger SWEEP_UP_TO = BigInteger.valueOf(1 << 16);

    private final RandomGenerator random;

    SpiAllocator(RandomGenerator random) {
        this.random = random;
    }

    /**
     * An SPI that is free.
     *
     * @throws SaException {@link SaError#SPI_IN_USE}
     */
    Spi allocate(SpiSet taken, @Nullable SpiRange range) {
        Optional<Spi> found = range == null ? anywhere(taken) : within(taken, range);
        return found.orElseThrow(() -> {
            String where = range == null ? "of " + DEFAULT_LENGTH + " octets" : range.min() + ".." + range.max();
            return new SaException(SaError.SPI_IN_USE, where, "no free SPI " + where);
        });
    }

    private Optional<Spi> anywhere(SpiSet taken) {
        byte[] octets = new byte[DEFAULT_LENGTH];
        for (int i = 0; i < RANDOM_PICKS; i++) {
            random.nextBytes(octets);
            Optional<Spi> spi = free(taken, Octets.of(octets));
            if (spi.isPresent()) {
                return spi;
            }
        }
        return Optional.empty();
    }

    private Optional<Spi> within(SpiSet taken, SpiRange range) {
        BigInteger size = range.size();
        // A small range is swept from a random place on, so that its last free SPI is found.
        boolean sweep = size.compareTo(SWEEP_UP_TO) <= 0;
        int picks = sweep ? size.intValueExact() : RANDOM_PICKS;
        BigInteger offset = below(size);
        for (int i = 0; i < picks; i++) {
            Optional<Spi> spi = free(taken, range.at(offset));
            if (spi.isPresent()) {
                return spi;
            }
            offset = sweep ? offset.add(BigInteger.ONE).mod(size) : below(size);
        }
        return Optional.empty();
    }

    private BigInteger below(BigInteger size) {
        byte[] octets = new byte[Spi.MAX_LENGTH + 8];
        random.nextBytes(octets);
        return new BigInteger(1, octets).mod(size);
    }

    private static Optional<Spi> free(SpiSet taken, Octets octets) {
        boolean zero = new BigInteger(1, octets.toArray()).signum() == 0;
        if (zero) {
            return Optional.empty();
        }
        Spi spi = new Spi(octets);
        return taken.conflict(spi).isEmpty() ? Optional.of(spi) : Optional.empty();
    }
}
