// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.AccessWatcher;
import dev.samd.daemon.access.CallerUse;
import dev.samd.daemon.access.Decision;
import dev.samd.daemon.access.Door;
import dev.samd.daemon.access.Quota;
import dev.samd.daemon.access.Rights;
import dev.samd.daemon.access.Verb;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import io.grpc.Attributes;
import io.grpc.Context;
import java.util.function.LongSupplier;

/**
 * Who calls, as the transport authenticated it, and what it may do: the things about a caller that it cannot choose.
 *
 * @param rights who it is, and its rights
 * @param door where it came in
 * @param use what its principal takes at the moment
 * @param pid process, of a local one; for the record only, since numbers of processes are used again; -1 else
 * @param watcher hears of decisions
 * @param nanos monotonic nanoseconds
 */
record Caller(Rights rights, Door door, CallerUse use, int pid, AccessWatcher watcher, LongSupplier nanos) {
    /** Where the transport puts it. */
    static final Attributes.Key<Caller> ATTRIBUTE = Attributes.Key.create("samd-caller");

    private static final Context.Key<Caller> CONTEXT = Context.key("samd-caller");

    /** The name under which references and SAs of the caller are kept. */
    String principal() {
        return rights.principal().name();
    }

    Quota quota() {
        return rights.quota();
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

    /**
     * Goes on only where a decision says yes.
     *
     * @param subject what it is about
     * @throws SaException {@link SaError#NOT_PERMITTED}
     */
    void require(Verb verb, String subject, Decision decision) {
        if (!decision.allowed()) {
            throw denied(verb.shortName(), subject, decision.why());
        }
    }

    /** What the caller is told of a denial, which is told to the watcher too. */
    SaException denied(String verb, String subject, String why) {
        noteDenial(verb, subject, why);
        return new SaException(SaError.NOT_PERMITTED, subject, why);
    }

    /** A denial of which the caller is told something else. */
    void noteDenial(String verb, String subject, String why) {
        use.denied(quota(), nanos.getAsLong());
        watcher.denied(rights.principal(), verb, subject, why);
    }
}
