// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import java.util.Objects;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.Random;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/**
 * A key exchange of a client with a pre-shared key, as far as the engine has come with it. Owns no secret.
 *
 * @param connection the engine's own name of the connection
 * @param names that the client asked for
 * @param identity that it says it has
 * @param other secret of an ephemeral key exchange
 * @param seed for the master secret
 * @param hash over all messages in clear
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
record PskExchange(
        ConnectionId connection,
        @Nullable ServerNames names,
        DTLSSession session,
        Random client,
        Random server,
        PskPublicInformation identity,
        @Nullable SecretKey other,
        byte[] seed,
        byte[] hash) {
    /** The key that belongs to the identity; the caller's to destroy. */
    PskSecretResult secret(AdvancedPskStore store) {
        return Objects.requireNonNull(store.requestPskSecretResult(
                connection,
                names,
                identity,
                session.getCipherSuite().getPseudoRandomFunctionMacName(),
                other,
                seed,
                session.useExtendedMasterSecret()));
    }
}
