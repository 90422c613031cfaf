// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.Lifetime;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import java.util.List;
import java.util.Optional;

/**
 * What SAs have to be that answer an ACQUIRE (RFC 2367 s2.3.7).
 *
 * @param content MESSAGE or PAYLOAD
 * @param form of protected messages
 * @param suites the preferred one first
 * @param identities who may be the peer
 * @param lifetime wanted
 * @param window wanted, in records
 * @param reqid wanted, 0 for none
 */
public record Proposal(
        Content content,
        Form form,
        List<CipherSuite> suites,
        List<IdentityPattern> identities,
        Lifetime lifetime,
        int window,
        int reqid) {
    public Proposal {
        suites = List.copyOf(suites);
        identities = List.copyOf(identities);
    }

    /** What a policy wants of SAs to a peer. */
    public static Proposal of(PolicyEntry entry, Endpoint peer) {
        return new Proposal(
                entry.content(),
                entry.form(),
                entry.suites(),
                entry.acceptable(peer),
                entry.lifetime(),
                entry.window(),
                entry.reqid());
    }

    /** The like of an SA: what its successor has to be, where a policy wants nothing else of it. */
    static Proposal like(SaParameters sa, Optional<PolicyEntry> policy) {
        Identity identity = sa.identity();
        IdentityPattern same = new IdentityPattern(
                literal(identity.kmp()),
                Optional.of(identity.type()),
                literal(identity.issuer()),
                literal(identity.value()));
        return new Proposal(
                sa.content(),
                sa.form(),
                policy.map(PolicyEntry::suites).orElse(List.of(sa.suite())),
                List.of(same),
                policy.map(PolicyEntry::lifetime).orElse(sa.lifetime()),
                policy.map(PolicyEntry::window).orElse(sa.window()),
                policy.map(PolicyEntry::reqid).orElse(sa.reqid()));
    }

    private static String literal(String text) {
        return text.replace("\\", "\\\\").replace("*", "\\*").replace("{host}", "{\\host}");
    }

    /**
     * Refuses an SA that is not what was asked for.
     *
     * @param kmp who made it
     * @throws SaException {@link SaError#IDENTITY_NOT_AUTHORIZED}, {@link SaError#WRONG_CONTENT},
     *     {@link SaError#UNSUPPORTED_SUITE}
     */
    void require(SaParameters sa, Endpoint target, String kmp) {
        boolean authorized = sa.identity().kmp().equals(kmp)
                && identities.stream().anyMatch(pattern -> pattern.fits(sa.identity(), target));
        if (!authorized) {
            throw new SaException(
                    SaError.IDENTITY_NOT_AUTHORIZED,
                    sa.identity().toString(),
                    sa.identity() + " may not speak for " + target + "; acceptable from " + kmp + ": " + identities);
        }
        if (sa.content() != content || sa.form() != form) {
            throw new SaException(
                    SaError.WRONG_CONTENT,
                    sa.content() + "/" + sa.form(),
                    "the ACQUIRE asks for " + content + "/" + form + ", not for " + sa.content() + "/" + sa.form());
        }
        if (!suites.contains(sa.suite())) {
            throw new SaException(
                    SaError.UNSUPPORTED_SUITE,
                    sa.suite().name(),
                    "the ACQUIRE asks for one of " + suites + ", not for " + sa.suite());
        }
    }
}
