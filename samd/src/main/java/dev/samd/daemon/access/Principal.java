// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import java.util.Collections;
import java.util.Set;

/** Who calls, as the transport authenticated it. */
public sealed interface Principal {
    /** The name under which references, SAs and quotas of the caller are kept. */
    String name();

    /**
     * A process of this host, as the kernel names it (SO_PEERCRED, SO_PEERGROUPS).
     *
     * @param uid user, unsigned
     * @param gid primary group of the process, unsigned
     * @param groups its supplementary groups, as far as they are known, unsigned
     */
    record Local(int uid, int gid, Set<Integer> groups) implements Principal {
        public Local {
            groups = Set.copyOf(groups);
        }

        /** Without supplementary groups. */
        public Local(int uid, int gid) {
            this(uid, gid, Set.of());
        }

        /** Whether it is in one of these groups. */
        boolean isIn(Set<Integer> any) {
            return any.contains(gid) || !Collections.disjoint(any, groups);
        }

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
