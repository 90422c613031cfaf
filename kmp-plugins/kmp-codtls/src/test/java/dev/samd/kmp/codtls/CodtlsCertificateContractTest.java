// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Outgoing;
import dev.samd.kmp.testkit.KmpContractTest;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.CipherSuite;
import java.util.List;

/** With certificates on both sides, CoDTLS keeps what every KMP has to keep. */
class CodtlsCertificateContractTest extends KmpContractTest {
    @Override
    protected Parties parties(long seed) {
        return CodtlsParties.parties(
                CodtlsParties.kmp(Pki.DIRECTORY, Pki.client("device"), seed),
                CodtlsParties.kmp(Pki.DIRECTORY, Pki.server("server"), -seed),
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8);
    }

    /** Signatures are of one length or another, and the keys of each handshake are its own. */
    @Override
    protected Object trace(Outgoing request) {
        return List.of(request.path(), request.contentFormat());
    }
}
