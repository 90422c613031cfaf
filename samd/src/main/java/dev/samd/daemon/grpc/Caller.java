// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import io.grpc.Attributes;
import io.grpc.Context;

/**
 * Who calls, as the kernel of the host says it (SO_PEERCRED): the one thing about a caller that he cannot choose.
 *
 * @param uid user
 * @param gid group
 * @param pid process; for the record only, since numbers of processes are used again
 */
public record Caller(int uid, int gid, int pid) {
    /** Where the transport puts it. */
    static final Attributes.Key<Caller> ATTRIBUTE = Attributes.Key.create("samd-caller");

    private static final Context.Key<Caller> CONTEXT = Context.key("samd-caller");

    /** The name under which references and SAs of the caller are kept. */
    public String principal() {
        return "uid:" + Integer.toUnsignedString(uid);
    }

    /** The caller of the present call. */
    static Caller current() {
        Caller caller = CONTEXT.get();
        if (caller == null) {
            throw new SaException(SaError.NOT_PERMITTED, "", "the transport does not say who calls");
        }
        return caller;
    }

    /** A context in which this is the caller. */
    Context in(Context context) {
        return context.withValue(CONTEXT, this);
    }
}
