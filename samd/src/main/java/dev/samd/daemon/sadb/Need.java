// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import java.util.List;

/**
 * Why SAs are needed, and who may be asked for them.
 *
 * @param local the endpoint of this host that needs them
 * @param target the peer
 * @param via the next hop towards the peer; empty if it is reached directly
 * @param policy the policy that decides what they have to be; empty where none does
 * @param kmps names of the KMPs to ask, in order
 * @param owner the one principal whose KMPs are asked; empty for anybody's
 * @param proposal what the SAs have to be
 * @param replaces the pair that they are to replace, or {@link PairId#NONE}
 */
public record Need(
        Endpoint local,
        Endpoint target,
        String via,
        String policy,
        List<String> kmps,
        String owner,
        Proposal proposal,
        PairId replaces) {
    public Need {
        kmps = List.copyOf(kmps);
    }

    /** What a request needs that found no SA. */
    public static Need of(PolicyEntry entry, Endpoint local, Endpoint target, String via) {
        return new Need(local, target, via, entry.name(), entry.askable(), "", Proposal.of(entry, target), PairId.NONE);
    }

    /** Needs of one key are one need: whoever has it joins. */
    Key key() {
        return new Key(local, target, replaces.isNone() ? policy : "", replaces);
    }

    /** What tells needs apart. A pair needs one successor, whatever policy decides about it. */
    record Key(Endpoint local, Endpoint target, String policy, PairId replaces) {}

    /** In a few words. */
    String toText() {
        String what = replaces.isNone() ? "SAs to " + target : "a successor of pair " + replaces + " to " + target;
        return local.isHostWide() ? what : what + " at local endpoint " + local;
    }
}
