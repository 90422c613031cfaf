// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.scandium.dtls.DTLSSession;

/**
 * What an abbreviated handshake begins with (RFC 5246 s7.3): the master secret of a full one, and whom it authenticated. Owns its
 * secret.
 *
 * @param id the session ID that the server gave, 1 to 32 octets; empty for a session that cannot be resumed
 * @param state the session as the engine writes it
 */
record Session(Octets id, CipherSuite suite, KeyMaterial state) implements AutoCloseable {
    /** A copy of the engine's. */
    static Session of(DTLSSession session, CipherSuite suite) {
        DatagramWriter writer = new DatagramWriter(256, true);
        try {
            session.writeTo(writer);
            return new Session(
                    Octets.of(session.getSessionIdentifier().getBytes()),
                    suite,
                    KeyMaterial.adopt(writer.toByteArray()));
        } finally {
            writer.close();
        }
    }

    /** For an engine, whose it is from there on. */
    DTLSSession restored() {
        byte[] octets = state.borrow();
        if (octets == null) {
            throw new IllegalStateException("use of a closed session");
        }
        try {
            return DTLSSession.fromReader(new DatagramReader(octets, false));
        } finally {
            state.giveBack();
        }
    }

    @Override
    public void close() {
        state.close();
    }
}
