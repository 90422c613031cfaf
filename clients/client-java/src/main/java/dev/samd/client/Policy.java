// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.IdentityPattern;
import java.time.Duration;
import java.util.List;

/**
 * What has to be protected, and who may speak for whom: one entry of the ordered list that stands for the SPD and the PAD of
 * RFC 4301 s4.4. The first entry whose selector fits a request decides.
 *
 * @param name unique, 1..64 characters of {@code a-z}, {@code 0-9}, {@code .}, {@code _} and {@code -}
 * @param selector which requests it is for
 * @param action what becomes of them
 * @param kmps who may make the SAs, the preferred one first; {@code manual} stands for keys by hand; empty: those alone
 * @param identities who may speak for the peer; empty: outbound, whoever bears the peer's name or its host; inbound, everybody
 *     whom one of the KMPs authenticated
 * @param template what the SAs have to be
 * @param fresh inbound, how long ago the daemon may have given the Echo value (RFC 9175) that a request brings inside, 1 s to 1 d;
 *     requests without one are {@link Challenged}. Zero: they need none
 */
public record Policy(
        String name,
        PolicySelector selector,
        Action action,
        List<String> kmps,
        List<IdentityPattern> identities,
        SaTemplate template,
        Duration fresh) {
    public Policy {
        kmps = List.copyOf(kmps);
        identities = List.copyOf(identities);
    }

    /** What becomes of a request. */
    public enum Action {
        /** It goes, or comes, protected by an SA that the entry admits. */
        PROTECT,
        /** It passes in clear. */
        BYPASS,
        /** It does not pass. */
        DISCARD
    }

    /** An entry for everything that the selector fits, with manual keys where it protects. */
    public static Policy of(String name, Action action, PolicySelector selector) {
        return new Policy(name, selector, action, List.of(), List.of(), SaTemplate.ANY, Duration.ZERO);
    }

    /** The same entry, whose SAs these KMPs make, the preferred one first. */
    public Policy withKmps(String... names) {
        return new Policy(name, selector, action, List.of(names), identities, template, fresh);
    }

    /** The same entry, for peers of these identities. */
    public Policy withIdentities(IdentityPattern... patterns) {
        return new Policy(name, selector, action, kmps, List.of(patterns), template, fresh);
    }

    /** The same entry for other SAs. */
    public Policy withTemplate(SaTemplate wanted) {
        return new Policy(name, selector, action, kmps, identities, wanted, fresh);
    }

    /** The same entry, for requests that prove to have been made within a time. */
    public Policy withFresh(Duration within) {
        return new Policy(name, selector, action, kmps, identities, template, within);
    }
}
