// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;

/** NO_USABLE_SA, with all that it takes to ask for one (RFC 2367 s3.1.6). */
public final class NoUsableSaException extends SaException {
    private static final long serialVersionUID = 1L;

    private final transient Endpoint target;
    private final transient Endpoint local;
    private final transient PolicyRule rule;

    NoUsableSaException(Endpoint target, Endpoint local, PolicyRule rule, String message) {
        super(SaError.NO_USABLE_SA, target.uri(), message);
        this.target = target;
        this.local = local;
        this.rule = rule;
    }

    /** The peer that an SA is needed to. */
    public Endpoint target() {
        return target;
    }

    /** The endpoint of this host that needs it. */
    public Endpoint local() {
        return local;
    }

    /** What the SA has to be. */
    public PolicyRule rule() {
        return rule;
    }
}
