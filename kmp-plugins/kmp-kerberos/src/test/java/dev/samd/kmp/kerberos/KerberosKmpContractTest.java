// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.Outgoing;
import dev.samd.kmp.testkit.KmpContractTest;
import dev.samd.kmp.testkit.Parties;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Kerberos keeps the contract of a KMP. */
@Isolated("the configuration of Kerberos is the JVM's")
class KerberosKmpContractTest extends KmpContractTest {
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static EmbeddedKdc kdc;

    @BeforeAll
    static void startKdc(@TempDir Path directory) throws Exception {
        kdc = new EmbeddedKdc(directory);
    }

    @AfterAll
    static void stopKdc() throws Exception {
        kdc.close();
    }

    @Override
    protected Parties parties(long seed) {
        return kdc.parties(seed);
    }

    /** Kerberos draws session keys and sequence numbers itself; even the lengths of its DER vary. */
    @Override
    protected Object trace(Outgoing request) {
        return List.of(request.path(), request.contentFormat(), request.accept(), request.to());
    }
}
