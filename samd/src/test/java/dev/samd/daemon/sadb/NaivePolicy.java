// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.util.List;

/**
 * What stands for all policies in the naive database: one for every request, or none.
 *
 * @param name empty for none
 * @param kmps who may make SAs, in order
 */
record NaivePolicy(String name, List<String> kmps) {
    static final String MANUAL = "manual";
    static final NaivePolicy NONE = new NaivePolicy("", List.of(MANUAL));

    /** Whether an SA of a party may be used for its peer. */
    boolean admits(Party party) {
        boolean bearsTheName = party.value.equals(party.peer) || party.value.equals(host(party.peer));
        return kmps.contains(party.kmp) && bearsTheName;
    }

    static String host(String peer) {
        return peer.substring("coap://".length());
    }

    /** Who is at the other side, and what the KMP says that it is. */
    record Party(String peer, String kmp, String value) {
        static Party manual(String peer) {
            return new Party(peer, MANUAL, peer);
        }

        boolean hasIdentityOf(Party other) {
            return kmp.equals(other.kmp) && value.equals(other.value);
        }
    }
}
