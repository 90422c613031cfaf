// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.access.Role;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * A caller of one role, and one who may do everything and prepares what the calls are about.
 *
 * @param role of the caller; null for one without any
 * @param caller its connection
 * @param everything the connection of the other one
 */
record AccessParty(@Nullable Role role, Channel caller, Channel everything) {
    /** The endpoint of the app. */
    static final String OWN_ENDPOINT = "coap://own.test";

    private static final String OTHER_ENDPOINT = "coap://other.test";

    /** The name that the kmp may have. */
    static final String KMP = "test-kmp";

    /** Whose the SAs of a call are. */
    enum Owner {
        OWN,
        OTHERS,
        NOBODYS
    }

    /** SAs that are the caller's own: a kmp installed them, an app owns their endpoint. */
    AccessTarget own(boolean raw) {
        return role == Role.KMP
                ? new AccessTarget(everything, caller, OTHER_ENDPOINT, raw)
                : new AccessTarget(everything, everything, OWN_ENDPOINT, raw);
    }

    AccessTarget target(Owner owner, boolean raw) {
        if (owner == Owner.OWN) {
            return own(raw);
        }
        AccessTarget target = new AccessTarget(everything, everything, OTHER_ENDPOINT, raw);
        if (owner == Owner.NOBODYS) {
            target.delete();
        }
        return target;
    }

    boolean isThere(AccessTarget target) {
        try {
            SadbServiceGrpc.newBlockingStub(everything)
                    .get(SadbServiceGetRequest.newBuilder()
                            .setSa(target.outboundById())
                            .build());
            return true;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    String nameOfEverything() {
        return AdminServiceGrpc.newBlockingStub(everything)
                .whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance())
                .getPrincipal();
    }
}
