// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import dev.samd.coap.CoapCode;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.CoapType;
import dev.samd.coap.PathPattern;
import dev.samd.engine.PolicyRule.Action;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Policies, SAs and requests to hold against each other. */
final class PolicyFixture {
    static final Endpoint SENSOR = Endpoint.parse("coap://sensor-1");

    private PolicyFixture() {}

    /** A policy in the making. */
    static final class Draft {
        private final String name;
        private final Action action;
        private Optional<Direction> direction = Optional.empty();
        private Endpoint local = Endpoint.HOST_WIDE;
        private String peer = "";
        private int methods;
        private String path = "";
        private List<String> kmps = List.of();
        private List<IdentityPattern> identities = List.of();
        private List<CipherSuite> suites = List.of();
        private Content content = Content.MESSAGE;
        private Form form = Form.SAMD;
        private Duration fresh = Duration.ZERO;

        private Draft(String name, Action action) {
            this.name = name;
            this.action = action;
        }

        Draft outbound() {
            direction = Optional.of(Direction.OUTBOUND);
            return this;
        }

        Draft inbound() {
            direction = Optional.of(Direction.INBOUND);
            return this;
        }

        Draft local(String uri) {
            local = Endpoint.parse(uri);
            return this;
        }

        Draft peer(String pattern) {
            peer = pattern;
            return this;
        }

        Draft methods(String... names) {
            methods = PolicySelector.methodsOf(List.of(names));
            return this;
        }

        Draft path(String pattern) {
            path = pattern;
            return this;
        }

        Draft kmps(String... names) {
            kmps = List.of(names);
            return this;
        }

        Draft identities(String... values) {
            identities = Arrays.stream(values)
                    .map(value -> new IdentityPattern("", Optional.empty(), "", value))
                    .toList();
            return this;
        }

        Draft suites(CipherSuite... some) {
            suites = List.of(some);
            return this;
        }

        Draft payload() {
            content = Content.PAYLOAD;
            form = Form.NONE;
            return this;
        }

        Draft draftExact() {
            form = Form.DRAFT_EXACT;
            return this;
        }

        Draft fresh(Duration within) {
            fresh = within;
            return this;
        }

        PolicyEntry entry() {
            return new PolicyEntry(
                    name, action, kmps, identities, suites, content, form, Lifetime.UNLIMITED, 128, 0, fresh);
        }

        Policy policy() {
            return new Policy(new PolicySelector(direction, local, peer, methods, PathPattern.parse(path)), entry());
        }
    }

    static Draft protect(String name) {
        return new Draft(name, Action.PROTECT);
    }

    static Draft bypass(String name) {
        return new Draft(name, Action.BYPASS);
    }

    static Draft discard(String name) {
        return new Draft(name, Action.DISCARD);
    }

    static Policies policies(Draft... drafts) {
        return Policies.of(Arrays.stream(drafts).map(Draft::policy).toList());
    }

    /** An SA in the making. */
    static final class Sa {
        private final String kmp;
        private final String value;
        private Endpoint peer = SENSOR;
        private Endpoint local = Endpoint.HOST_WIDE;
        private CipherSuite suite = CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256;
        private Content content = Content.MESSAGE;
        private Form form = Form.SAMD;

        private Sa(String kmp, String value) {
            this.kmp = kmp;
            this.value = value;
        }

        Sa peer(String uri) {
            peer = Endpoint.parse(uri);
            return this;
        }

        Sa local(String uri) {
            local = Endpoint.parse(uri);
            return this;
        }

        Sa suite(CipherSuite other) {
            suite = other;
            return this;
        }

        Sa payload() {
            content = Content.PAYLOAD;
            form = Form.NONE;
            return this;
        }

        SaParameters parameters() {
            return new SaParameters(
                    Direction.OUTBOUND,
                    Spi.ofHex("aa01"),
                    peer,
                    local,
                    new Identity(kmp, IdentityType.TOKEN, "", value),
                    suite,
                    RecordVersion.DTLS12,
                    1,
                    content,
                    form,
                    true,
                    128,
                    Lifetime.UNLIMITED,
                    History.FRESH);
        }
    }

    /** An SA to {@link #SENSOR} of an identity that a KMP authenticated. */
    static Sa sa(String kmp, String value) {
        return new Sa(kmp, value);
    }

    /** An SA whose keys came by hand. */
    static SaParameters manual(String peer) {
        return sa(PolicyEntry.MANUAL, peer).peer(peer).parameters();
    }

    static CoapMessage request(String method, String path) {
        return CoapMessage.of(
                CoapType.CON,
                CoapCode.ofMethod(method),
                1,
                Octets.EMPTY,
                PathPattern.parse(path).options(),
                Octets.EMPTY);
    }

    static CoapMessage get(String... segments) {
        return CoapMessage.of(
                CoapType.CON,
                CoapCode.GET,
                1,
                Octets.EMPTY,
                Arrays.stream(segments)
                        .map(segment -> CoapOption.ofText(CoapOption.URI_PATH, segment))
                        .toList(),
                Octets.EMPTY);
    }
}
