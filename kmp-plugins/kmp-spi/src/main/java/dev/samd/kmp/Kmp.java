// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One key management protocol with its credentials. Confined to its driver's thread, and pure: what it has to know comes in as
 * arguments.
 */
public interface Kmp {
    /** The name that policies and identities use: "ace". */
    String name();

    /**
     * Paths of the resources through which peers reach it: "/authz-info". One that ends in "/*" stands for everything one
     * segment below: the sessions of runs, and those that are no more.
     */
    List<String> resources();

    /**
     * The resource of a peer that a request goes to which is there for its record alone: the first one under a pair that nobody
     * else uses. It comes with no payload, and may be refused.
     */
    String probePath();

    /** Numbers of the CoAP options that it understands beside Content-Format and Accept. */
    default Set<Integer> options() {
        return Set.of();
    }

    /** Begins the work on an acquire; the driver calls {@link Negotiation#start} next. */
    Negotiation initiate(Need need);

    /**
     * Looks at a request to one of the resources, unless a run listens there. What is wrong with it is answered here, before anything is kept about its
     * sender.
     */
    Screening screen(Instant now, Incoming request);

    /** The pairs that this KMP installed in earlier runs. Called once for every connection to the daemon. */
    void recalled(Instant now, List<InstalledPair> pairs);

    /** Something happened to a pair that this KMP installed. */
    void happened(Instant now, PairEvent event);
}
