// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.network.CoapEndpoint;

/** The one line that makes an endpoint protected. */
public final class Samd {
    private Samd() {}

    /**
     * Makes the endpoint that this builder will build a protected one: {@code Samd.protect(builder, options).build()}.
     *
     * <p>It sets the stack factory of the builder, and its option registry: the program's own options go into
     * {@link SamdOptions#withRegistry}. A builder with a data parser of its own must know option 65025, or the endpoint
     * refuses protected requests with 4.02. UDP only.
     *
     * @return the same builder
     */
    public static CoapEndpoint.Builder protect(CoapEndpoint.Builder builder, SamdOptions options) {
        return builder.setOptionRegistry(OuterSigns.registry(options.registry()))
                .setCoapStackFactory(new ProtectedStackFactory(options));
    }
}
