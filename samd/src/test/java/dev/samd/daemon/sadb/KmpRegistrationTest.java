// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.KmpFixture.KMPD;
import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who serves as a KMP, and for how long. */
class KmpRegistrationTest {
    private final KmpFixture k = new KmpFixture();
    private final SadbFixture f = k.f;

    @Test
    void everybodyHearsWhoServesAndWhoIsGone() {
        long number = k.register("ace");
        f.seen(f.sadb.unregister(f.now(), number));

        assertThat(f.events.get(0)).isInstanceOfSatisfying(SadbEvent.Registered.class, event -> {
            assertThat(event.kmp()).isEqualTo("ace");
            assertThat(event.principal()).isEqualTo(KMPD);
        });
        assertThat(f.events.get(1))
                .isInstanceOfSatisfying(SadbEvent.Unregistered.class, event -> assertThat(event.kmp())
                        .isEqualTo("ace"));
    }

    @Test
    void aNameIsOneKmpsUntilItIsGone() { // T8
        long number = k.register("ace");

        f.refused(SaError.ALREADY_REGISTERED, () -> k.register("ace", BOB));
        f.seen(f.sadb.unregister(f.now(), number));

        assertThat(k.register("ace", BOB)).isNotEqualTo(number);
        assertThat(f.sadb.isKmp(BOB)).isTrue();
        assertThat(f.sadb.isKmp(KMPD)).isFalse();
    }

    @Test
    void whoIsGoneAlreadyIsNotGoneAgain() {
        long number = k.register("ace");
        f.seen(f.sadb.unregister(f.now(), number));
        long another = k.register("ace");

        assertThat(f.seen(f.sadb.unregister(f.now(), number)).reply()).isFalse();

        f.refused(SaError.ALREADY_REGISTERED, () -> k.register("ace"));
        assertThat(f.seen(f.sadb.unregister(f.now(), another)).reply()).isTrue();
    }

    @Test
    void aNameOfTheConfigurationIsForThoseThatItNames() {
        Sadb sadb = new Sadb(
                f.now(), new Random(1), id -> Optional.empty(), SadbBounds.MEMORY, Map.of("ace", Set.of(ALICE)));

        refused(sadb, new KmpRegistration("ace", BOB, Set.of()));
        sadb.register(f.now(), new KmpRegistration("psk", BOB, Set.of()));
        sadb.register(f.now(), new KmpRegistration("ace", ALICE, Set.of()));
    }

    @Test
    void nobodyElseSaysThatTheKmpOfANameMadeAnSa() {
        Sadb sadb = new Sadb(
                f.now(), new Random(1), id -> Optional.empty(), SadbBounds.MEMORY, Map.of("ace", Set.of(ALICE)));

        SaException e = Assertions.catchThrowableOfType(
                SaException.class,
                () -> sadb.installPair(f.now(), k.pair("aa", "bb").request()));

        assertThat(e.error()).isEqualTo(SaError.NOT_PERMITTED);
        assertThat(sadb.size()).isZero();
    }

    private void refused(Sadb sadb, KmpRegistration registration) {
        SaException e = Assertions.catchThrowableOfType(SaException.class, () -> sadb.register(f.now(), registration));
        assertThat(e.error()).isEqualTo(SaError.NOT_PERMITTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "manual", "ACE", "a/b", "0123456789012345678901234567890123456789012345678901234567890123x"})
    void whatIsNoNameIsRefused(String name) {
        f.refused(SaError.MALFORMED, () -> k.register(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"authz-info", "/*", "/*/b", "/a/**"})
    void aResourceIsOnePathOrWhatIsOneSegmentBelowIt(String path) {
        f.refused(SaError.MALFORMED, () -> f.sadb.register(f.now(), new KmpRegistration("ace", KMPD, Set.of(path))));

        assertThat(f.sadb.isKmp(KMPD)).isFalse();
    }

    @Test
    void resourcesAreFew() {
        Set<String> many = IntStream.range(0, 17).mapToObj(i -> "/r" + i).collect(Collectors.toSet());

        f.refused(SaError.MALFORMED, () -> f.sadb.register(f.now(), new KmpRegistration("ace", KMPD, many)));
    }

    @Test
    void resourcesAreOpenAsLongAsTheirKmpServes() {
        long number = f.seen(f.sadb.register(f.now(), new KmpRegistration("ace", KMPD, Set.of("/authz-info"))))
                .reply();
        assertThat(f.changes).hasSize(1).allSatisfy(change -> assertThat(change)
                .isInstanceOfSatisfying(
                        Change.Governed.class,
                        governed -> assertThat(governed.policies().size()).isEqualTo(1)));

        f.seen(f.sadb.unregister(f.now(), number));

        assertThat(f.changes).hasSize(2).last().isInstanceOf(Change.Governed.class);
    }
}
