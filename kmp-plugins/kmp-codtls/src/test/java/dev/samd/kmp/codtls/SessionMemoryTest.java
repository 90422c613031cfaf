// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.PairEvent;
import dev.samd.kmp.kdf.PairKeys;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.junit.jupiter.api.Test;

/** Sessions are few, short-lived and wiped. */
class SessionMemoryTest {
    private static final Instant NOW = Instant.parse("2027-01-01T12:00:00Z");
    private static final Principal DEVICE = new PreSharedKeyIdentity("dev-1");

    private final SessionMemory memory = new SessionMemory(Duration.ofHours(1));

    private static Established come(long number, Principal peer) {
        Octets id = Octets.ofHex(String.format("%016x", number));
        TrafficKeys keys = new TrafficKeys(KeyMaterial.adopt(new byte[16]), KeyMaterial.adopt(new byte[4]));
        return new Established(
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                peer,
                Spi.ofHex("01"),
                Spi.ofHex("02"),
                KeyMaterial.adopt(new byte[32]),
                Octets.EMPTY,
                new Established.Taken(new PairKeys(keys, keys), 1, 0, Octets.EMPTY),
                new Session(id, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, KeyMaterial.adopt(new byte[48])),
                false);
    }

    private Session kept(long number) {
        Established come = come(number, DEVICE);
        memory.keep(NOW, new PairId(number), come, Optional.empty());
        return come.session();
    }

    private static boolean isWiped(Session session) {
        return session.state().borrow() == null;
    }

    @Test
    void oneMoreThanThereMayBeTakesThePlaceOfTheOldest() {
        Session first = kept(1);
        Session second = kept(2);
        for (long number = 3; number <= SessionMemory.MOST + 1; number++) {
            kept(number);
        }

        assertThat(memory.size()).isEqualTo(SessionMemory.MOST);
        assertThat(isWiped(first)).isTrue();
        assertThat(isWiped(second)).isFalse();
    }

    @Test
    void sessionEndsWithItsPairItsTimeAndItsUse() {
        Session ended = kept(1);
        Session confirmed = kept(2);
        Session stale = kept(3);

        memory.happened(new PairEvent.Ended(new PairId(1), Octets.EMPTY));
        memory.happened(new PairEvent.Confirmed(new PairId(2)));
        memory.recalled(Set.of(new PairId(1), new PairId(2)));

        assertThat(isWiped(ended)).isTrue();
        assertThat(isWiped(stale)).isTrue();
        assertThat(memory.find(NOW, confirmed.id())).isPresent();
        assertThat(memory.find(NOW.plus(Duration.ofHours(1)), confirmed.id())).isEmpty();
        assertThat(memory.take(NOW, new PairId(2)).map(SessionMemory.Known::session))
                .contains(confirmed);
        assertThat(isWiped(confirmed)).as("whoever took it uses it").isFalse();
        assertThat(memory.size()).isZero();
    }

    @Test
    void timeThatIsOverWipes() {
        Session session = kept(1);

        assertThat(memory.take(NOW.plus(Duration.ofHours(1)), new PairId(1))).isEmpty();
        assertThat(isWiped(session)).isTrue();
    }

    @Test
    void nothingIsKeptWhereNothingIsResumed() {
        Established come = come(1, DEVICE);
        SessionMemory none = new SessionMemory(Duration.ZERO);

        none.keep(NOW, new PairId(1), come, Optional.empty());

        assertThat(none.isUsed()).isFalse();
        assertThat(none.size()).isZero();
        assertThat(isWiped(come.session())).isTrue();
    }

    @Test
    void sessionOfACertificateEndsWithIt() throws IOException, CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate leaf = (X509Certificate)
                factory.generateCertificate(Files.newInputStream(Pki.DIRECTORY.resolve("device.pem")));
        Instant end = leaf.getNotAfter().toInstant();
        Established come = come(1, new X509CertPath(factory.generateCertPath(List.of(leaf))));

        assertThat(come.until(end.minusSeconds(60))).isEqualTo(end.minusSeconds(60));
        assertThat(come.until(end.plusSeconds(60))).isEqualTo(end);
    }

    @Test
    void secretIsInNoText() {
        assertThat(come(1, DEVICE).session().toString()).contains("KeyMaterial[48 octets]");
    }
}
