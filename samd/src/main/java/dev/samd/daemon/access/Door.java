// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

/** The place where a caller came in. It bounds what is offered at all; roles decide about the rest. */
public enum Door {
    /** Where programs and KMPs come in, when there is a door for administration beside it. */
    APP,
    /** Where the daemon is administered. */
    ADMIN,
    /** Offers everything: the only socket of a daemon that has one, and TCP with mTLS. */
    ANY
}
