// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

/**
 * Who asked for it.
 *
 * @param principal the name under which rights are kept: {@code uid:1000}, or a SAN; empty for the daemon itself
 * @param uid user, {@link #UNKNOWN} for one who came over the network, or where nobody asked
 * @param gid group, or {@link #UNKNOWN}
 * @param pid process, for the record only: numbers of processes are used again; or {@link #UNKNOWN}
 */
public record AuditActor(String principal, long uid, long gid, long pid) {
    /** A number that is not known. */
    public static final long UNKNOWN = -1;

    /** The daemon, of its own accord. */
    public static final AuditActor DAEMON = new AuditActor("", UNKNOWN, UNKNOWN, UNKNOWN);

    /** Somebody of whom only the name is known. */
    public static AuditActor named(String principal) {
        return new AuditActor(principal, UNKNOWN, UNKNOWN, UNKNOWN);
    }
}
