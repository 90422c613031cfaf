// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import dev.samd.engine.PolicyRule;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.Lifetime;
import dev.samd.sa.SaParameters;
import java.util.List;
import java.util.Optional;

/**
 * What is wanted for the requests that an entry is for, and by whom it may be carried.
 *
 * @param name unique; empty for the default that holds where no entry fits
 * @param action what becomes of the requests
 * @param kmps who may make the SAs, the preferred one first; {@link #MANUAL} stands for keys by hand
 * @param identities who may speak for the peer; empty: whoever bears the peer's name
 * @param suites the preferred one first; at least one
 * @param content MESSAGE or PAYLOAD
 * @param form of protected messages
 * @param lifetime for SAs that KMPs make
 * @param window for SAs that KMPs make, in records
 * @param reqid mark for SAs that KMPs make, 0 for none
 */
public record PolicyEntry(
        String name,
        Action action,
        List<String> kmps,
        List<IdentityPattern> identities,
        List<CipherSuite> suites,
        Content content,
        Form form,
        Lifetime lifetime,
        int window,
        int reqid)
        implements PolicyRule {
    /** The name that stands for keys by hand where a KMP is expected. */
    public static final String MANUAL = "manual";

    public PolicyEntry {
        kmps = List.copyOf(kmps);
        identities = List.copyOf(identities);
        suites = List.copyOf(suites);
    }

    /** The KMPs that can be asked for SAs, in order. */
    public List<String> askable() {
        return kmps.stream().filter(kmp -> !kmp.equals(MANUAL)).toList();
    }

    /** Who may be a peer: what an ACQUIRE for it says. */
    public List<IdentityPattern> acceptable(Endpoint peer) {
        if (!identities.isEmpty()) {
            return identities;
        }
        return List.of(
                new IdentityPattern("", Optional.empty(), "", "{host}"),
                new IdentityPattern("", Optional.empty(), "", peer.uri().replace("*", "\\*")));
    }

    /** Whether an identity, made by one of the KMPs, may speak for a peer. */
    public boolean accepts(Identity identity, Endpoint peer) {
        return kmps.contains(identity.kmp())
                && acceptable(peer).stream().anyMatch(pattern -> pattern.fits(identity, peer));
    }

    @Override
    public boolean admits(SaParameters sa, Endpoint peer) {
        return sa.content() == content
                && sa.form() == form
                && suites.contains(sa.suite())
                && accepts(sa.identity(), peer);
    }
}
