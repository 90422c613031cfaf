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
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is wanted for the requests that a policy is for, and by whom it may be carried.
 *
 * @param name unique: 1..64 characters of a-z, 0-9, dot, underscore and dash
 * @param action what becomes of the requests
 * @param kmps who may make the SAs, the preferred one first; {@link #MANUAL} stands for keys by hand. Empty: MANUAL alone
 * @param identities who may speak for the peer; empty: outbound whoever bears the peer's name, inbound everybody whom one of
 *     the KMPs authenticated
 * @param suites the preferred one first; empty: {@link #ALL_SUITES}
 * @param content MESSAGE or PAYLOAD
 * @param form of protected messages
 * @param lifetime for SAs that KMPs make
 * @param window for SAs that KMPs make, in records
 * @param reqid mark for SAs that KMPs make, 0 for none
 * @param fresh how long ago the Echo value of a request that arrives may have been given, 1 s to 1 d; zero: it needs none
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
        int reqid,
        Duration fresh)
        implements PolicyRule {
    /** The name that stands for keys by hand where a KMP is expected. */
    public static final String MANUAL = "manual";

    /** All suites: those with a short tag, which a forger guesses more easily, last. */
    public static final List<CipherSuite> ALL_SUITES = Stream.of(CipherSuite.values())
            .sorted(Comparator.comparingInt(suite -> -suite.aead().tagLength()))
            .toList();

    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,64}");
    private static final int MAX_LIST = 64;
    private static final Duration LEAST_FRESH = Duration.ofSeconds(1);
    private static final Duration MOST_FRESH = Duration.ofDays(1);

    /** @throws SaException {@link SaError#MALFORMED}, {@link SaError#WRONG_CONTENT}, {@link SaError#INVALID_WINDOW} */
    public PolicyEntry {
        if (!NAME.matcher(name).matches()) {
            throw malformed(name, "policy name \"" + name + "\" is not 1..64 characters of a-z, 0-9, ., _ and -");
        }
        kmps = kmps.isEmpty() ? List.of(MANUAL) : List.copyOf(kmps);
        identities = List.copyOf(identities);
        suites = suites.isEmpty() ? ALL_SUITES : List.copyOf(suites);
        for (String kmp : kmps) {
            if (!NAME.matcher(kmp).matches()) {
                throw malformed(kmp, "KMP name \"" + kmp + "\" is not 1..64 characters of a-z, 0-9, ., _ and -");
            }
        }
        requireList("kmps", kmps);
        requireList("identities", identities);
        requireList("suites", suites);
        if (content == Content.RAW || (content == Content.MESSAGE) == (form == Form.NONE)) {
            throw new SaException(
                    SaError.WRONG_CONTENT,
                    content + "/" + form,
                    "content " + content + " with form " + form + " is not of requests");
        }
        if (window < 64 || window > 4096 || window % 64 != 0) {
            throw new SaException(
                    SaError.INVALID_WINDOW,
                    Integer.toString(window),
                    "replay window of " + window + " records; 64..4096 in steps of 64 expected");
        }
        if (!fresh.isZero()) {
            requireFresh(name, action, content, fresh);
        }
    }

    private static void requireFresh(String name, Action action, Content content, Duration fresh) {
        if (fresh.compareTo(LEAST_FRESH) < 0 || fresh.compareTo(MOST_FRESH) > 0) {
            throw malformed(name, "policy \"" + name + "\" asks for fresh within " + fresh + "; 1s..1d expected");
        }
        if (action != Action.PROTECT) {
            throw malformed(
                    name, "policy \"" + name + "\" says " + action + " and fresh, which is for what is protected");
        }
        if (content != Content.MESSAGE) {
            throw new SaException(
                    SaError.WRONG_CONTENT,
                    name,
                    "policy \"" + name + "\" says content " + content + ", which has no Echo inside, and fresh");
        }
    }

    private static void requireList(String what, List<?> list) {
        if (list.size() > MAX_LIST) {
            throw malformed(what, what + " has " + list.size() + " items; at most " + MAX_LIST + " are taken");
        }
        if (new HashSet<>(list).size() != list.size()) {
            throw malformed(what, what + " names something twice: " + list);
        }
    }

    private static SaException malformed(String subject, String message) {
        return new SaException(SaError.MALFORMED, subject, message);
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
        return kmps.contains(identity.kmp()) && mayBe(identity, peer);
    }

    /** As {@link #acceptable} says, and without making the patterns for every request. */
    private boolean mayBe(Identity identity, Endpoint peer) {
        if (!identities.isEmpty()) {
            return fits(identities, identity, peer);
        }
        return identity.value().equals(peer.uri()) || identity.value().equals(peer.host());
    }

    private static boolean fits(List<IdentityPattern> patterns, Identity identity, Endpoint peer) {
        for (IdentityPattern pattern : patterns) {
            if (pattern.fits(identity, peer)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean admits(SaParameters sa, Endpoint peer) {
        return objection(sa, peer).isEmpty();
    }

    /** Why an SA may not carry requests to a peer; empty if it may. */
    public Optional<Objection> objection(SaParameters sa, Endpoint peer) {
        return suits(sa, mayBe(sa.identity(), peer));
    }

    /** Why requests of a peer may not come under an SA; empty if they may. */
    Optional<Objection> inboundObjection(SaParameters sa, Endpoint peer) {
        return suits(sa, identities.isEmpty() || fits(identities, sa.identity(), peer));
    }

    private Optional<Objection> suits(SaParameters sa, boolean authorized) {
        if (!kmps.contains(sa.identity().kmp())) {
            return Optional.of(Objection.KMP);
        }
        if (!authorized) {
            return Optional.of(Objection.IDENTITY);
        }
        if (!suites.contains(sa.suite())) {
            return Optional.of(Objection.SUITE);
        }
        if (sa.content() != content) {
            return Optional.of(Objection.CONTENT);
        }
        return sa.form() == form ? Optional.empty() : Optional.of(Objection.FORM);
    }

    /** What an SA lacks to be used under an entry. */
    public enum Objection {
        KMP("its KMP is not one of the policy's"),
        IDENTITY("its identity may not speak for the peer"),
        SUITE("its suite is not one of the policy's"),
        CONTENT("its content is not the policy's"),
        FORM("its form is not the policy's");

        private final String text;

        Objection(String text) {
            this.text = text;
        }

        /** In a few words. */
        public String text() {
            return text;
        }
    }
}
