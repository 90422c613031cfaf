// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.sa.Octets;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.ccache.Credential;
import org.apache.kerby.kerberos.kerb.ccache.CredentialCache;
import org.apache.kerby.kerberos.kerb.common.EncryptionUtil;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.ap.ApOptions;
import org.apache.kerby.kerberos.kerb.type.ap.ApReq;
import org.apache.kerby.kerberos.kerb.type.ap.Authenticator;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;

/** An AP-REQ with a real ticket, of a client whose clock says what the test says. */
final class CraftedRequest {
    private static final byte[] HEAD = {6, 9, 42, (byte) 0x86, 72, (byte) 0x86, (byte) 0xf7, 18, 1, 2, 2, 1, 0};

    private CraftedRequest() {}

    /**
     * The initial token of GSS-API. It has no checksum: an acceptor that finds nothing else wrong refuses that.
     *
     * @param cache where kvno has put the ticket
     * @param service name of the ticket, without realm
     * @param clock what the client thinks that the time is
     */
    static Octets token(Path cache, String service, Instant clock) throws IOException, KrbException {
        CredentialCache read = new CredentialCache();
        read.load(new File(cache.toString()));
        Credential credential = read.getCredentials().stream()
                .filter(one -> one.getServerName().getName().startsWith(service))
                .findFirst()
                .orElseThrow();
        Authenticator authenticator = new Authenticator();
        authenticator.setAuthenticatorVno(5);
        authenticator.setCrealm(MitKdc.REALM);
        authenticator.setCname(credential.getClientName());
        authenticator.setCtime(new KerberosTime(clock.getEpochSecond() * 1000));
        authenticator.setCusec(clock.getNano() / 1000);
        ApReq request = new ApReq();
        request.setApOptions(new ApOptions());
        request.setTicket(credential.getTicket());
        request.setEncryptedAuthenticator(
                EncryptionUtil.seal(authenticator, credential.getKey(), KeyUsage.AP_REQ_AUTH));
        byte[] inner = request.encode();
        return Octets.of(ByteBuffer.allocate(4 + HEAD.length + inner.length)
                .put((byte) 0x60)
                .put((byte) 0x82)
                .putShort((short) (HEAD.length + inner.length))
                .put(HEAD)
                .put(inner)
                .array());
    }
}
