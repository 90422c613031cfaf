// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

/** What was reserved has ended by itself, since it took too long to complete it. Its SPI is free again some time later. */
final class LapsedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LapsedException(Reservation lapsed) {
        super("SPI " + lapsed.spi() + " is reserved no more");
    }
}
