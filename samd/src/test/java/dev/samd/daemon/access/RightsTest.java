// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RightsTest {
    private static final Endpoint DEVICE = Endpoint.parse("coap://device-1");
    private static final Endpoint OTHER = Endpoint.parse("coap://other");
    private static final Principal ALICE = new Principal.Local(1000, 50);
    private static final Principal BOB = new Principal.Certified("spiffe://example.org/app/bob");

    private static Rule rule(String name, Role role, Set<Integer> uids, Set<Integer> gids, String... sans) {
        return new Rule(
                name,
                uids,
                gids,
                List.of(sans),
                Set.of(role),
                List.of("coap://device-*"),
                Set.of(Direction.OUTBOUND),
                List.of("ace"),
                null);
    }

    private static Rights rights(Principal caller, Rule... rules) {
        return new AccessRules(List.of(rules), Quota.DEFAULT).of(caller);
    }

    @Test
    void aRuleIsForWhoFitsAllThatItSays() {
        Rule both = rule("both", Role.APP, Set.of(1000), Set.of(50));

        assertThat(rights(ALICE, both).rules()).containsExactly(both);
        assertThat(rights(new Principal.Local(1000, 51), both).rules()).isEmpty();
        assertThat(rights(new Principal.Local(1001, 50), both).rules()).isEmpty();
        assertThat(rights(new Principal.Local(7, 50), rule("gid", Role.APP, Set.of(), Set.of(50)))
                        .rules())
                .hasSize(1);
    }

    @Test
    void aGroupCountsWhetherItIsThePrimaryOneOrNot() {
        Rule group = rule("gid", Role.APP, Set.of(), Set.of(50, 60));
        Rule both = rule("both", Role.APP, Set.of(7), Set.of(60));

        assertThat(rights(new Principal.Local(7, 1, Set.of(59, 60)), group, both)
                        .rules())
                .containsExactly(group, both);
        assertThat(rights(new Principal.Local(8, 1, Set.of(60)), group, both).rules())
                .containsExactly(group);
        assertThat(rights(new Principal.Local(7, 1, Set.of(59)), group, both).rules())
                .isEmpty();
    }

    @Test
    void namesOfCertificatesAndNumbersOfProcessesDoNotMix() {
        Rule san = rule("san", Role.APP, Set.of(), Set.of(), "spiffe://example.org/app/*");
        Rule uid = rule("uid", Role.APP, Set.of(1000), Set.of());

        assertThat(rights(BOB, san, uid).rules()).containsExactly(san);
        assertThat(rights(ALICE, san, uid).rules()).containsExactly(uid);
        assertThat(rights(new Principal.Nameless(), rule("all", Role.APP, Set.of(), Set.of(), "*"), uid)
                        .rules())
                .isEmpty();
        assertThat(rights(new Principal.Certified("uid:1000"), uid).rules()).isEmpty();
    }

    @Test
    void whatNoRuleGivesIsDeniedAndTheReasonNamesTheRulesThatFit() {
        Rights app = rights(ALICE, rule("sensors", Role.APP, Set.of(1000), Set.of()));

        Decision denied = app.mayCall(Verb.FLUSH, Door.ANY);

        assertThat(denied.allowed()).isFalse();
        assertThat(denied.why())
                .isEqualTo(
                        "uid:1000 needs the role operator for SadbService/Flush, and its rules give app: \"sensors\"");
        assertThat(rights(ALICE).mayCall(Verb.GET, Door.ANY).why()).endsWith("and no rule is for it");
        assertThat(rights(ALICE).mayCall(Verb.WHO_AM_I, Door.ANY).allowed()).isTrue();
    }

    @Test
    void anAppUsesItsEndpointsInTheDirectionsItHas() {
        Rights app = rights(ALICE, rule("sensors", Role.APP, Set.of(1000), Set.of()));

        assertThat(app.mayUse(Direction.OUTBOUND, DEVICE)).isTrue();
        assertThat(app.mayUse(Direction.INBOUND, DEVICE)).isFalse();
        assertThat(app.mayUse(Direction.OUTBOUND, OTHER)).isFalse();
        assertThat(app.mayUse(Direction.OUTBOUND, Endpoint.HOST_WIDE)).isFalse();
        assertThat(app.use(Direction.OUTBOUND, DEVICE).rule()).isEqualTo("sensors");
        assertThat(app.use(Direction.OUTBOUND, Endpoint.HOST_WIDE).why()).contains("give it \"host\"");
    }

    @Test
    void theWordsAndTheQuickAnswerAgree() {
        Rights standing = AccessRules.standing(1000).of(ALICE);
        for (Rights rights : List.of(
                standing, rights(ALICE, rule("a", Role.KMP, Set.of(1000), Set.of())), rights(ALICE), rights(BOB))) {
            for (Endpoint local : List.of(DEVICE, OTHER, Endpoint.HOST_WIDE)) {
                for (Direction direction : Direction.values()) {
                    assertThat(rights.mayUse(direction, local))
                            .isEqualTo(rights.use(direction, local).allowed());
                }
                for (String owner : List.of("uid:1000", "uid:1001")) {
                    assertThat(rights.sees(owner, local))
                            .isEqualTo(rights.see(owner, local).allowed());
                }
            }
        }
    }

    @Test
    void aKmpHasTheNamesItIsGiven() {
        Rights kmp = rights(ALICE, rule("ace", Role.KMP, Set.of(1000), Set.of()));

        assertThat(kmp.actAs("ace").allowed()).isTrue();
        assertThat(kmp.actAs("manual").allowed()).isFalse();
        assertThat(kmp.actAs("manual").why()).contains("may not be KMP \"manual\"");
    }

    @Test
    void whereNothingIsConfiguredRootAndTheDaemonsUserAreEverythingAndNobodyElseIsAnything() {
        AccessRules rules = AccessRules.standing(990);

        assertThat(rules.of(new Principal.Local(0, 0)).roles()).containsExactlyInAnyOrder(Role.values());
        assertThat(rules.of(new Principal.Local(990, 1)).roles()).containsExactlyInAnyOrder(Role.values());
        assertThat(AccessRules.standing(0).of(new Principal.Local(0, 0)).roles())
                .hasSize(4);
        assertThat(rules.of(new Principal.Local(1000, 0)).roles()).isEmpty();
        assertThat(rules.of(BOB).roles()).isEmpty();
    }

    @Test
    void whoReadsEverythingTriesTagsOfItsOwnAlone() {
        Rule app = rule("app", Role.APP, Set.of(1000), Set.of());
        Rule auditor = rule("auditor", Role.AUDITOR, Set.of(1000), Set.of());
        Rule operator = rule("operator", Role.OPERATOR, Set.of(1000), Set.of());

        Rights both = rights(ALICE, app, auditor);

        assertThat(both.forExplanations().mayUse(Direction.OUTBOUND, OTHER)).isTrue();
        assertThat(both.forTrials().mayUse(Direction.OUTBOUND, OTHER)).isFalse();
        assertThat(both.forTrials().mayUse(Direction.OUTBOUND, DEVICE)).isTrue();
        assertThat(rights(ALICE, app, operator).forTrials().mayUse(Direction.INBOUND, OTHER))
                .isTrue();
    }

    @Test
    void theFirstRuleThatStatesAQuotaGivesIt() {
        Quota small = new Quota(1, 2, 3, 4, 5, 6, 7);
        Rule silent = rule("silent", Role.APP, Set.of(1000), Set.of());
        Rule stating = new Rule(
                "stating",
                Set.of(1000),
                Set.of(),
                List.of(),
                Set.of(Role.AUDITOR),
                List.of(),
                Set.of(),
                List.of(),
                small);

        assertThat(rights(ALICE, silent, stating).quota()).isEqualTo(small);
        assertThat(rights(ALICE, silent).quota()).isEqualTo(Quota.DEFAULT);
    }

    @Test
    void doorsOfferWhatTheyAreFor() {
        Rights everything = AccessRules.standing(1000).of(ALICE);

        for (Verb verb : Verb.values()) {
            assertThat(everything.mayCall(verb, Door.ANY).allowed())
                    .as(verb.name())
                    .isTrue();
            assertThat(verb.isServedAt(Door.APP) || verb.isServedAt(Door.ADMIN)).isTrue();
        }
        assertThat(everything.mayCall(Verb.FLUSH, Door.APP).why()).contains("use the one of administration");
        assertThat(everything.mayCall(Verb.PROTECT, Door.ADMIN).why()).contains("use the one of programs");
    }

    @Test
    void verbsAreFoundByWhatPeopleCallThem() {
        assertThat(Verb.meant("SadbService/InstallPair")).contains(Verb.INSTALL_PAIR);
        assertThat(Verb.meant("install-pair")).contains(Verb.INSTALL_PAIR);
        assertThat(Verb.meant("samd.v1.RecordService/Protect")).contains(Verb.PROTECT);
        assertThat(Verb.meant("protect")).contains(Verb.PROTECT);
        assertThat(Verb.meant("add"))
                .as("SadbService and PolicyService have one")
                .isEmpty();
        assertThat(Verb.meant("nothing")).isEmpty();
    }

    @Test
    void anExplanationEndsWithTheStepThatDecides() {
        Rights kmp = rights(ALICE, rule("ace", Role.KMP, Set.of(1000), Set.of()));
        Optional<AccessExplanation.Sa> foreign = Optional.of(new AccessExplanation.Sa("uid:1", DEVICE));
        Optional<AccessExplanation.Sa> own = Optional.of(new AccessExplanation.Sa("uid:1000", DEVICE));

        AccessExplanation no = AccessExplanation.of(kmp, Verb.DELETE, Door.ANY, foreign, Optional.empty(), "");
        AccessExplanation yes = AccessExplanation.of(kmp, Verb.DELETE, Door.ANY, own, Optional.empty(), "ace");

        assertThat(no.allowed()).isFalse();
        assertThat(no.steps()).hasSize(2);
        assertThat(no.steps().get(1)).contains("belongs to uid:1").contains("does not exist");
        assertThat(yes.allowed()).isTrue();
        assertThat(yes.rule()).isEqualTo("ace");
        assertThat(yes.steps()).hasSize(4);
    }
}
