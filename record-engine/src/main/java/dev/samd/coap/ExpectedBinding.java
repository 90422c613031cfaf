// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import org.jspecify.annotations.Nullable;

/**
 * What a message must be bound to.
 *
 * @param binding the one form that is accepted: short under the pair of the request, long under a pair that supersedes
 *     it; null for a request, which is bound to nothing
 * @param observing whether the request registered an observation, so that notifications may come
 */
public record ExpectedBinding(@Nullable RecBind binding, boolean observing) {
    /** For a request. */
    public static final ExpectedBinding NONE = new ExpectedBinding(null, false);

    /** For a response to the request that the binding names. */
    public static ExpectedBinding exactly(RecBind binding, boolean observing) {
        return new ExpectedBinding(binding, observing);
    }
}
