// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** Which limit of an SA was met. */
public enum ExpireCause {
    /** Time since the installation. */
    TIME,
    /** Time since the first use. */
    USE_TIME,
    /** Octets sealed or accepted. */
    OCTETS,
    /** Records sealed or accepted. */
    RECORDS,
    /** Failed openings. At the hard limit the inbound SA alone stops. */
    FORGERY,
    /** The sequence numbers of the epoch have run out. */
    SEQUENCE,
    /** The token or ticket behind the SA has expired. */
    TOKEN_EXPIRED
}
