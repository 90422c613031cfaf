// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaParameters;

/** What the policy says of one request. */
public interface PolicyRule {
    /** What becomes of the request. */
    enum Action {
        /** It goes, or comes, protected by an SA that the rule admits. */
        PROTECT,
        /** It passes in clear. */
        BYPASS,
        /** It does not pass. */
        DISCARD
    }

    /** Name of the entry, empty where none fits and the default holds. */
    String name();

    Action action();

    /** Whether an SA may carry requests that the rule is for: its KMP, identity, suite, content and form. */
    boolean admits(SaParameters sa, Endpoint peer);

    /**
     * How long ago, in nanoseconds, the peer of a request that arrives may have been given the Echo value that it brings (RFC
     * 9175 s2.3); 0 asks for none. Only where {@link #admits} asks for whole messages: nothing else has options inside.
     */
    default long maxAgeNanos() {
        return 0;
    }
}
