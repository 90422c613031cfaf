// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a map of the JDK, with many that collide. */
class HashedRefsTest {
    private record Named(int name, int hash) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void findsWhatWasAddedAndNothingElse(int hashes) {
        Random random = new Random(hashes);
        HashedRefs<Named> refs = new HashedRefs<>();
        Map<Integer, Named> model = new HashMap<>();
        for (int i = 0; i < 4_000; i++) {
            int name = random.nextInt(300);
            int hash = name * 31 % hashes;
            Named known = model.remove(name);
            if (known == null) {
                Named one = new Named(name, hash);
                model.put(name, one);
                refs.add(hash, one);
            } else {
                refs.remove(hash, known::equals);
            }
            assertThat(refs.size()).isEqualTo(model.size());
            int asked = random.nextInt(300);
            assertThat(refs.find(asked * 31 % hashes, one -> one.name == asked)).isSameAs(model.get(asked));
        }
        model.values()
                .forEach(one -> assertThat(refs.findAll(one.hash, one::equals)).containsExactly(one));
        assertThat(refs.findAll(0, one -> true))
                .containsExactlyInAnyOrderElementsOf(
                        model.values().stream().filter(one -> one.hash == 0).toList());
    }
}
