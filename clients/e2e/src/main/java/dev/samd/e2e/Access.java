// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import dev.samd.californium.SamdPrincipal;
import dev.samd.sa.Rights;
import java.security.Principal;
import java.util.Arrays;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. With a credential its scope says so: {@code read} allows GET and FETCH, {@code write} everything else.
 * Whose keys an operator installed by hand may do everything, and whom nobody vouches for, since the policy let the request
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
                || Arrays.asList(known.rights().scope().split(" ")).contains(reads ? "read" : "write");
    }
}
