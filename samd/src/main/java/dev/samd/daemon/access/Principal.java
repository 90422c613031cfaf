// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

/** Who calls, as the transport authenticated it. */
public sealed interface Principal {
    /** The name under which references, SAs and quotas of the caller are kept. */
    String name();

    /**
     * A process of this host, as the kernel names it (SO_PEERCRED).
     *
     * @param uid user, unsigned
     * @param gid primary group of the process, unsigned
     */
    record Local(int uid, int gid) implements Principal {
        @Override
        public String name() {
            return "uid:" + Integer.toUnsignedString(uid);
        }
    }

    /**
     * Whoever holds the key of a certificate.
     *
     * @param san its SPIFFE id, {@code spiffe://trust.domain/path}, or its first DNS name as {@code dns:host}
     */
    record Certified(String san) implements Principal {
        @Override
        public String name() {
            return san;
        }
    }

    /** Somebody whose certificate names nobody: may do nothing. */
    record Nameless() implements Principal {
        @Override
        public String name() {
            return "";
        }
    }
}
