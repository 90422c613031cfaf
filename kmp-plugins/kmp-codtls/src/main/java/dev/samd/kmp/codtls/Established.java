// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.kdf.PairKeys;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.eclipse.californium.elements.auth.X509CertPath;

/**
 * What a handshake came to. Owns its secrets.
 *
 * @param suite the one that was negotiated
 * @param peer whom the handshake authenticated
 * @param own connection ID under which this side is sent records
 * @param other that of the peer
 * @param exported the exporter's secret (RFC 5705), 32 octets; empty if the server gave no session ID
 * @param randoms SHA-256 of both randoms
 * @param taken the keys of epoch 1 and how far they were used
 * @param session what a later handshake can resume
 * @param resumed whether this was an abbreviated handshake
 */
record Established(
        CipherSuite suite,
        Principal peer,
        Spi own,
        Spi other,
        KeyMaterial exported,
        Octets randoms,
        Taken taken,
        Session session,
        boolean resumed)
        implements AutoCloseable {
    /**
     * The keys of the engine and where it stands.
     *
     * @param next the next number that it would have sent
     * @param edge the highest number that it has accepted
     * @param seen bit i says whether {@code edge - i} was accepted
     */
    record Taken(PairKeys keys, long next, long edge, Octets seen) {}

    /** Until when the session is believed: no longer than any certificate of the peer. */
    Instant until(Instant latest) {
        Instant until = latest;
        if (peer instanceof X509CertPath path) {
            for (Certificate each : path.getPath().getCertificates()) {
                Instant end = ((X509Certificate) each).getNotAfter().toInstant();
                until = end.isBefore(until) ? end : until;
            }
        }
        return until;
    }

    @Override
    public void close() {
        exported.close();
        taken.keys().close();
        session.close();
    }
}
