// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import static dev.samd.daemon.policy.PolicyFixture.SENSOR;
import static dev.samd.daemon.policy.PolicyFixture.bypass;
import static dev.samd.daemon.policy.PolicyFixture.discard;
import static dev.samd.daemon.policy.PolicyFixture.get;
import static dev.samd.daemon.policy.PolicyFixture.manual;
import static dev.samd.daemon.policy.PolicyFixture.policies;
import static dev.samd.daemon.policy.PolicyFixture.protect;
import static dev.samd.daemon.policy.PolicyFixture.request;
import static dev.samd.daemon.policy.PolicyFixture.sa;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.coap.CoapMessage;
import dev.samd.engine.PolicyRule;
import dev.samd.engine.PolicyRule.Action;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final Endpoint HERE = Endpoint.HOST_WIDE;
    private static final Endpoint OTHER = Endpoint.parse("coap://other");

    private static String outbound(Policies policies, Endpoint target, String method, String path) {
        return policies.outbound(HERE, target, request(method, path)).name();
    }

    private static PolicyRule clear(Policies policies, String method, String path) {
        return policies.inbound(HERE, Endpoint.HOST_WIDE, request(method, path));
    }

    private static SaError errorOf(Runnable change) {
        return catchThrowableOfType(SaException.class, change::run).error();
    }

    @Nested
    class WithoutAnyEntry {
        @Test
        void manualKeysSpeakForTheirOwnPeerAlone() {
            PolicyRule rule = Policies.NONE.outbound(HERE, SENSOR, get("a"));

            assertThat(rule.action()).isEqualTo(Action.PROTECT);
            assertThat(rule.name()).isEmpty();
            assertThat(rule.admits(manual("coap://sensor-1"), SENSOR)).isTrue();
            assertThat(rule.admits(manual("coap://sensor-1"), OTHER)).isFalse();
            assertThat(rule.admits(sa("ace", "sensor-1").parameters(), SENSOR)).isFalse();
        }

        @Test
        void protectedRequestsPassFromAnybodyAndClearOnesDoNot() {
            PolicyRule rule = Policies.NONE.inbound(HERE, SENSOR, get("a"));

            assertThat(rule.action()).isEqualTo(Action.PROTECT);
            assertThat(rule.admits(sa("ace", "anybody").parameters(), SENSOR)).isTrue();
            assertThat(clear(Policies.NONE, "GET", "/a").action()).isEqualTo(Action.PROTECT);
            assertThat(Policies.NONE.looksAtInbound()).isFalse();
        }

        @Test
        void scopeOfManualKeysIsTheirPeerAndOfOthersEmpty() { // T39
            assertThat(Policies.NONE.scopeOf(manual("coap://sensor-1"))).containsExactly(SENSOR);
            assertThat(Policies.NONE.scopeOf(sa("ace", "sensor-1").parameters()))
                    .isEmpty();
        }
    }

    @Nested
    class Outbound {
        @Test
        void firstThatFitsDecides() {
            Policies policies = policies(
                    bypass("core").path("/.well-known/core").methods("GET"),
                    protect("one").peer("coap://sensor-1").kmps("ace"),
                    discard("writes").methods("PUT", "DELETE"),
                    protect("rest").peer("coap://*").kmps("edhoc"));

            assertThat(outbound(policies, SENSOR, "GET", "/.well-known/core")).isEqualTo("core");
            assertThat(outbound(policies, SENSOR, "PUT", "/.well-known/core")).isEqualTo("one");
            assertThat(outbound(policies, OTHER, "PUT", "/a")).isEqualTo("writes");
            assertThat(outbound(policies, OTHER, "GET", "/a")).isEqualTo("rest");
            assertThat(outbound(policies, Endpoint.parse("coaps://other"), "GET", "/a"))
                    .isEmpty();
        }

        @Test
        void orderHoldsBetweenNamedPeersAndPatterns() {
            Policies policies = policies(
                    protect("stars").peer("coap://sensor-*").path("/a"),
                    protect("named").peer("coap://sensor-1"),
                    protect("all"));

            assertThat(outbound(policies, SENSOR, "GET", "/a")).isEqualTo("stars");
            assertThat(outbound(policies, SENSOR, "GET", "/b")).isEqualTo("named");
            assertThat(outbound(policies, Endpoint.parse("coap://sensor-2"), "GET", "/b"))
                    .isEqualTo("all");
        }

        @Test
        void oneForALocalEndpointIsForNoOther() {
            Policies policies = policies(discard("mine").local("coap://mine"));

            assertThat(policies.outbound(Endpoint.parse("coap://mine"), SENSOR, get("a"))
                            .name())
                    .isEqualTo("mine");
            assertThat(policies.outbound(Endpoint.parse("coap://yours"), SENSOR, get("a"))
                            .name())
                    .isEmpty();
            assertThat(policies.outbound(HERE, SENSOR, get("a")).name()).isEmpty();
        }

        @Test
        void oneForRequestsThatArriveIsForNoneThatLeave() {
            assertThat(outbound(policies(discard("in").inbound()), SENSOR, "GET", "/a"))
                    .isEmpty();
            assertThat(outbound(policies(discard("out").outbound()), SENSOR, "GET", "/a"))
                    .isEqualTo("out");
        }

        @Test
        void codesWithoutANameFitOnlyWhereMethodsAreNotNamed() {
            CoapMessage unknown = CoapMessage.parse(new byte[] {0x40, 0x1f, 0, 1});

            assertThat(policies(discard("get").methods("GET"))
                            .outbound(HERE, SENSOR, unknown)
                            .name())
                    .isEmpty();
            assertThat(policies(discard("all")).outbound(HERE, SENSOR, unknown).name())
                    .isEqualTo("all");
        }

        @Test
        void pairOfAnotherKmpOrAWeakerSuiteIsNotAdmitted() { // T40
            PolicyRule rule = policies(
                            protect("p").kmps("ace", "edhoc").suites(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256))
                    .outbound(HERE, SENSOR, get("a"));

            assertThat(rule.admits(sa("ace", "sensor-1").parameters(), SENSOR)).isTrue();
            assertThat(rule.admits(sa("edhoc", "coap://sensor-1").parameters(), SENSOR))
                    .isTrue();
            assertThat(rule.admits(sa("codtls", "sensor-1").parameters(), SENSOR))
                    .isFalse();
            assertThat(rule.admits(sa("ace", "sensor-2").parameters(), SENSOR)).isFalse();
            assertThat(rule.admits(
                            sa("ace", "sensor-1")
                                    .suite(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8)
                                    .parameters(),
                            SENSOR))
                    .isFalse();
            assertThat(rule.admits(sa("ace", "sensor-1").payload().parameters(), SENSOR))
                    .isFalse();
        }
    }

    @Nested
    class Inbound {
        private final Policies policies = policies(
                protect("admin").inbound().path("/admin/**").kmps("ace").identities("boss-*"),
                discard("secret").inbound().path("/secret"),
                bypass("open").inbound().path("/open/*").methods("GET"),
                protect("any").inbound().kmps("ace", "edhoc"));

        private PolicyRule opened(String... segments) {
            return policies.inbound(HERE, SENSOR, get(segments));
        }

        @Test
        void pathReservedToAKmpAndIdentityAdmitsNoOther() { // T42
            PolicyRule rule = opened("admin", "x");

            assertThat(rule.name()).isEqualTo("admin");
            assertThat(rule.admits(sa("ace", "boss-7").parameters(), SENSOR)).isTrue();
            assertThat(rule.admits(sa("edhoc", "boss-7").parameters(), SENSOR)).isFalse();
            assertThat(rule.admits(sa("ace", "clerk").parameters(), SENSOR)).isFalse();
        }

        @Test
        void segmentWithASlashIsNotBelow() { // T42
            assertThat(opened("admin/x").name()).isEqualTo("any");
            assertThat(opened("admin", "").name()).isEqualTo("admin");
            assertThat(opened("", "admin").name()).isEqualTo("any");
        }

        @Test
        void emptyIdentitiesAreEverybodyWhomAKmpAuthenticated() {
            PolicyRule rule = opened("other");

            assertThat(rule.admits(sa("edhoc", "anybody").parameters(), SENSOR)).isTrue();
            assertThat(rule.admits(manual("coap://sensor-1"), SENSOR)).isFalse();
        }

        @Test
        void clearRequestsPassWhereTheFirstThatFitsLetsThem() {
            assertThat(clear(policies, "GET", "/open/a").action()).isEqualTo(Action.BYPASS);
            assertThat(clear(policies, "GET", "/open").action()).isEqualTo(Action.PROTECT);
            assertThat(clear(policies, "PUT", "/open/a").action()).isEqualTo(Action.PROTECT);
            assertThat(clear(policies, "GET", "/admin/x").name()).isEqualTo("admin");
            assertThat(clear(policies, "GET", "/secret").action()).isEqualTo(Action.DISCARD);
        }

        @Test
        void clearRequestCouldBeAnybodysSoNoNameHelpsIt() {
            Policies named = policies(
                    bypass("friend").inbound().peer("coap://sensor-1"),
                    bypass("badge").inbound().identities("x"),
                    protect("foe").inbound().peer("coap://foe").path("/a/**"),
                    bypass("rest").inbound());

            assertThat(clear(named, "GET", "/b").name()).isEqualTo("rest");
            assertThat(clear(named, "GET", "/a/b").name()).isEqualTo("foe");
            assertThat(clear(named, "GET", "/a/b").action()).isEqualTo(Action.PROTECT);
        }

        @Test
        void oneForRequestsThatLeaveIsForNoneThatArrive() {
            Policies outward = policies(bypass("out").outbound());

            assertThat(outward.looksAtInbound()).isFalse();
            assertThat(clear(outward, "GET", "/a").action()).isEqualTo(Action.PROTECT);
        }
    }

    @Nested
    class ResourcesOfKmps {
        private final Policies policies = policies(discard("all")).withResources(List.of("/authz-info", "/a%2Fb"));

        @Test
        void clearPostToExactlyOnePasses() {
            assertThat(clear(policies, "POST", "/authz-info").action()).isEqualTo(Action.BYPASS);
            assertThat(clear(policies, "POST", "/authz-info").name()).isEqualTo(Policies.RESOURCE_RULE);
            assertThat(clear(policies, "POST", "/a%2Fb").action()).isEqualTo(Action.BYPASS);
            assertThat(clear(policies, "GET", "/authz-info").action()).isEqualTo(Action.DISCARD);
            assertThat(clear(policies, "POST", "/authz-info/x").action()).isEqualTo(Action.DISCARD);
            assertThat(clear(policies, "POST", "/authz-info/").action()).isEqualTo(Action.DISCARD);
            assertThat(clear(policies, "POST", "/a/b").action()).isEqualTo(Action.DISCARD);
        }

        @Test
        void sessionsAreOneSegmentBelow() {
            Policies sessions = policies(discard("all")).withResources(List.of("/less/*"));

            assertThat(clear(sessions, "POST", "/less/0123").action()).isEqualTo(Action.BYPASS);
            assertThat(clear(sessions, "GET", "/less/0123").action()).isEqualTo(Action.DISCARD);
            assertThat(clear(sessions, "POST", "/less").action()).isEqualTo(Action.DISCARD);
            assertThat(clear(sessions, "POST", "/less/0123/4").action()).isEqualTo(Action.DISCARD);
            assertThat(clear(sessions, "POST", "/other/0123").action()).isEqualTo(Action.DISCARD);
        }

        @Test
        void protectedOneGoesTheWayOfAllOthers() {
            assertThat(policies.inbound(HERE, SENSOR, request("POST", "/authz-info"))
                            .action())
                    .isEqualTo(Action.DISCARD);
        }

        @Test
        void protectedOneNeedsNoFreshEcho() {
            Policies fresh = policies(protect("all").inbound().fresh(Duration.ofSeconds(30)))
                    .withResources(List.of("/rekey"));

            assertThat(fresh.inbound(HERE, SENSOR, request("POST", "/rekey")).maxAgeNanos())
                    .isZero();
            assertThat(fresh.inbound(HERE, SENSOR, request("POST", "/rekey")).name())
                    .isEqualTo("all");
            assertThat(fresh.inbound(HERE, SENSOR, request("PUT", "/rekey")).maxAgeNanos())
                    .isEqualTo(30_000_000_000L);
            assertThat(fresh.inbound(HERE, SENSOR, request("POST", "/rekey/x")).maxAgeNanos())
                    .isEqualTo(30_000_000_000L);
        }

        @Test
        void theyStayWhenThePoliciesChange() {
            Policies changed = policies.cleared().add(protect("p").policy(), "");

            assertThat(clear(changed, "POST", "/authz-info").action()).isEqualTo(Action.BYPASS);
            assertThat(clear(changed.withResources(List.of()), "POST", "/authz-info")
                            .action())
                    .isEqualTo(Action.PROTECT);
        }

        @Test
        void resourceIsOnePath() {
            assertThat(errorOf(() -> policies.withResources(List.of("/*")))).isEqualTo(SaError.MALFORMED);
            assertThat(errorOf(() -> policies.withResources(List.of("")))).isEqualTo(SaError.MALFORMED);
            assertThat(errorOf(() -> policies.withResources(List.of("a")))).isEqualTo(SaError.MALFORMED);
        }
    }

    @Nested
    class Scope {
        @Test
        void peersThatPoliciesNameForTheIdentity() {
            Policies policies = policies(
                    protect("own").peer("coap://sensor-1").kmps("ace"),
                    protect("other").peer("coap://other").kmps("ace").identities("sensor-*"),
                    protect("third").peer("coap://third").kmps("ace").identities("nobody"),
                    protect("stars").peer("coap://x-*").kmps("ace").identities("sensor-*"));

            assertThat(policies.scopeOf(sa("ace", "sensor-1").parameters())).containsExactlyInAnyOrder(SENSOR, OTHER);
        }

        @Test
        void identityThatNoPolicyNamesIsForResponsesOnly() { // T39
            Policies policies = policies(protect("p").kmps("ace"));

            assertThat(policies.scopeOf(sa("ace", "sensor-2").parameters())).isEmpty();
            assertThat(policies.scopeOf(sa("edhoc", "sensor-1").parameters())).isEmpty();
        }

        @Test
        void policyOfAPathLeavesTheDefaultToTheRest() {
            Policies one = policies(protect("p").path("/a").kmps("ace"));
            Policies all = policies(protect("p").kmps("ace"));

            assertThat(one.scopeOf(manual("coap://sensor-1"))).containsExactly(SENSOR);
            assertThat(all.scopeOf(manual("coap://sensor-1"))).isEmpty();
        }

        @Test
        void policyBehindOneThatTakesAllIsNeverReached() {
            Policies policies = policies(
                    discard("none").peer("coap://sensor-1"),
                    protect("late").peer("coap://sensor-1").kmps("ace"));

            assertThat(policies.scopeOf(sa("ace", "sensor-1").parameters())).isEmpty();
        }

        @Test
        void policyOfAnotherEndpointIsNone() {
            Policies policies = policies(protect("p").local("coap://mine").kmps("ace"));

            assertThat(policies.scopeOf(
                            sa("ace", "sensor-1").local("coap://mine").parameters()))
                    .containsExactly(SENSOR);
            assertThat(policies.scopeOf(sa("ace", "sensor-1").parameters())).containsExactly(SENSOR);
            assertThat(policies.scopeOf(
                            sa("ace", "sensor-1").local("coap://yours").parameters()))
                    .isEmpty();
            assertThat(policies.scopeOf(manual("coap://sensor-1")))
                    .as("a host-wide SA may also be used where the default holds")
                    .containsExactly(SENSOR);
        }

        @Test
        void inboundPoliciesGiveNoScope() {
            assertThat(policies(protect("p").inbound().kmps("ace"))
                            .scopeOf(sa("ace", "sensor-1").parameters()))
                    .isEmpty();
        }

        @Test
        void everyAdmittedRequestIsInScopeAndThereforeFindsTheSa() {
            Policies policies = policies(
                    protect("a").peer("coap://sensor-1").path("/a").kmps("ace"),
                    bypass("b").path("/b"),
                    protect("c").peer("coap://other").methods("GET").kmps("ace").identities("*"),
                    discard("d").peer("coap://*"));
            for (Endpoint target : Set.of(SENSOR, OTHER)) {
                for (String path : List.of("/a", "/b", "/c")) {
                    PolicyRule rule = policies.outbound(HERE, target, request("GET", path));
                    boolean admitted = rule.action() == Action.PROTECT
                            && rule.admits(sa("ace", "sensor-1").parameters(), target);
                    assertThat(!admitted
                                    || policies.scopeOf(sa("ace", "sensor-1").parameters())
                                            .contains(target))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void entryOfAnSaIsTheFirstThatAdmitsIt() {
        Policies policies = policies(
                protect("weak").kmps("ace").suites(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8),
                protect("good").kmps("ace"),
                protect("late").kmps("ace"));

        assertThat(policies.entryFor(sa("ace", "sensor-1").parameters(), SENSOR))
                .map(PolicyEntry::name)
                .contains("good");
        assertThat(policies.entryFor(sa("edhoc", "sensor-1").parameters(), SENSOR))
                .isEmpty();
    }

    @Nested
    class Changes {
        private final Policies policies = policies(protect("a"), protect("b"));

        private List<String> names(Policies changed) {
            return changed.list().stream().map(Policy::name).toList();
        }

        @Test
        void addedAtTheEndOrInFrontOfAnother() {
            assertThat(names(policies.add(protect("c").policy(), ""))).containsExactly("a", "b", "c");
            assertThat(names(policies.add(protect("c").policy(), "b"))).containsExactly("a", "c", "b");
            assertThat(names(policies)).containsExactly("a", "b");
        }

        @Test
        void replacedInPlaceAndRemoved() {
            assertThat(policies.replace(discard("a").policy())
                            .require("a")
                            .entry()
                            .action())
                    .isEqualTo(Action.DISCARD);
            assertThat(names(policies.replace(discard("a").policy()))).containsExactly("a", "b");
            assertThat(names(policies.remove("a"))).containsExactly("b");
            assertThat(policies.cleared().size()).isZero();
        }

        @Test
        void namesAreUniqueAndKnown() {
            assertThat(errorOf(() -> policies.add(protect("a").policy(), ""))).isEqualTo(SaError.POLICY_EXISTS);
            assertThat(errorOf(() -> policies.add(protect("c").policy(), "d"))).isEqualTo(SaError.NO_SUCH_POLICY);
            assertThat(errorOf(() -> policies.replace(protect("c").policy()))).isEqualTo(SaError.NO_SUCH_POLICY);
            assertThat(errorOf(() -> policies.remove("c"))).isEqualTo(SaError.NO_SUCH_POLICY);
            assertThat(errorOf(() -> policies.require("c"))).isEqualTo(SaError.NO_SUCH_POLICY);
            assertThat(errorOf(() -> policies(protect("a"), discard("a")))).isEqualTo(SaError.POLICY_EXISTS);
        }

        @Test
        void theirNumberIsBounded() {
            List<Policy> many = new ArrayList<>();
            for (int i = 0; i < Policies.MAX_POLICIES; i++) {
                many.add(protect("p" + i).policy());
            }
            Policies full = Policies.of(many);

            assertThat(errorOf(() -> full.add(protect("more").policy(), ""))).isEqualTo(SaError.TOO_MANY);
        }
    }
}
