// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Octets;
import java.time.Instant;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.ResumptionVerificationResult;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.dtls.resumption.ResumptionVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/** What a server's engine asks for the session of a hello. A session that nobody knows makes the handshake a full one. */
record KnownSessions(SessionMemory memory, Instant now) implements ResumptionVerifier {
    /** A cookie comes before everything. */
    @Override
    public boolean skipRequestHelloVerify(SessionId sessionId) {
        return false;
    }

    @Override
    public ResumptionVerificationResult verifyResumptionRequest(
            ConnectionId cid, @Nullable ServerNames serverNames, SessionId sessionId) {
        DTLSSession session = memory.find(now, Octets.of(sessionId.getBytes()))
                .map(one -> one.session().restored())
                .orElse(null);
        return new ResumptionVerificationResult(cid, session, null);
    }

    @Override
    public void setResultHandler(HandshakeResultHandler resultHandler) {}
}
