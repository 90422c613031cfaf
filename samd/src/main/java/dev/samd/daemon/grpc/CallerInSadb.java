// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.Verb;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.daemon.sadb.SadbCaller;
import dev.samd.daemon.sadb.SadbEntry;

/**
 * A caller as the database asks about it.
 *
 * @param caller who
 * @param verb the call it makes
 */
record CallerInSadb(Caller caller, Verb verb) implements SadbCaller {
    /** The present caller. */
    static CallerInSadb current(Verb verb) {
        return new CallerInSadb(Caller.current(), verb);
    }

    @Override
    public String principal() {
        return caller.principal();
    }

    @Override
    public boolean sees(SadbEntry entry) {
        return caller.rights().sees(entry.owner(), entry.local());
    }

    @Override
    public boolean mayEnd(SadbEntry entry) {
        return caller.rights().end(entry.owner()).allowed();
    }

    @Override
    public int mostSas() {
        return caller.quota().sas();
    }

    @Override
    public int mostLarval() {
        return caller.quota().larvalSas();
    }

    @Override
    public void hidden(SaSelector name, SadbEntry entry) {
        // The caller hears that there is no such SA; whoever looks after the daemon hears what it was.
        String why = caller.rights().see(entry.owner(), entry.local()).why();
        caller.noteDenial(verb.shortName(), name.toString(), why);
    }
}
