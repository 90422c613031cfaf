// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

/**
 * One SA in a line. What is not known, or not there, is 0 or empty, and stays out of the line.
 *
 * @param id the daemon's name of it
 * @param spi SPI in hexadecimal
 * @param direction {@code inbound} or {@code outbound}
 * @param peer the other side's name
 * @param local the endpoint of this host
 */
public record AuditSa(long id, String spi, String direction, String peer, String local) {
    /** An SA of which only the daemon's name is known. */
    public static AuditSa of(long id) {
        return new AuditSa(id, "", "", "", "");
    }

    /** The same with the name that the daemon gave it. */
    public AuditSa as(long name) {
        return new AuditSa(name, spi, direction, peer, local);
    }
}
