// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import dev.samd.californium.SamdPrincipal;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Rights;
import java.security.Principal;
import java.util.Arrays;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. With a token its scope says so: {@code read} allows GET and FETCH, {@code write} everything else. Whoever the
 * policy lets in by a key, a certificate or a ticket of its own, or whose keys an operator installed, may do everything, and whom nobody vouches for, since the policy let the request
 * come in clear, may read.
 */
final class Access {
    private Access() {}

    static boolean allows(@Nullable Principal peer, Code code) {
        boolean reads = code == Code.GET || code == Code.FETCH;
        if (!(peer instanceof SamdPrincipal known)) {
            return reads;
        }
        return known.rights().equals(Rights.NONE)
                || known.identity().type() != IdentityType.TOKEN
                || Arrays.asList(known.rights().scope().split(" ")).contains(reads ? "read" : "write");
    }
}
