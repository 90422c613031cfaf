// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.client.SamdClient;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;

/** The one line that makes an endpoint protected. */
public final class Samd {
    private Samd() {}

    /**
     * Makes the endpoint that this builder will build a protected one, with the daemon of this host:
     * {@code Samd.protect(new CoapEndpoint.Builder()).build()}.
     *
     * <p>The daemon is the one whose socket the environment variable {@code SAMD_SOCKET} names, or the one at
     * {@code /run/samd/app.sock}. It need not run yet. The connection to it ends with the endpoint.
     *
     * @return the same builder
     * @throws dev.samd.client.SamdUnavailableException if no daemon can be reached from this host
     * @see #protect(CoapEndpoint.Builder, SamdOptions)
     */
    public static CoapEndpoint.Builder protect(CoapEndpoint.Builder builder) {
        SamdClient client = SamdClient.connect();
        return protect(builder, SamdOptions.of(MessageProtection.of(client.records())), client::close);
    }

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
        return protect(builder, options, () -> {});
    }

    private static CoapEndpoint.Builder protect(CoapEndpoint.Builder builder, SamdOptions options, Runnable atEnd) {
        OptionRegistry outer = OuterSigns.registry(options.registry());
        return builder.setOptionRegistry(options.clear().relays().isEmpty() ? outer : HandedOnOptions.registry(outer))
                .setCoapStackFactory(new ProtectedStackFactory(options, atEnd));
    }
}
