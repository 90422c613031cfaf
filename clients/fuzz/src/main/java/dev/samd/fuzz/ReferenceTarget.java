// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.coap.CoapOption;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.Map;

/** Record references: only one that was given to this caller is taken, octet for octet. */
final class ReferenceTarget implements FuzzTarget {
    private final EnginePair pair = new EnginePair();
    private final byte[] given = pair.asked(Messages.of(
            Messages.GET,
            "",
            CoapOption.ofText(CoapOption.URI_HOST, "device-1"),
            CoapOption.ofText(CoapOption.URI_PATH, "temp")));

    @Override
    public boolean run(byte[] input) {
        boolean own = Octets.of(input).equals(Octets.of(given));
        try {
            // It names a request that was sent, so as one that came it is refused all the same.
            pair.engine.openedUnder(input, EnginePair.PRINCIPAL);
            throw new Finding("a reference was taken that names no message that came");
        } catch (SaException refused) {
            Finding.unless(refused.error() == SaError.INVALID_REFERENCE, "refused as " + refused.error());
        }
        byte[] response = Messages.notification().toOctets();
        try {
            pair.unprotect(response, input);
            Finding.unless(own || input.length == 0, "a reference was taken that nobody gave");
        } catch (SaException refused) {
            Finding.unless(!own && refused.error() == SaError.INVALID_REFERENCE, "refused as " + refused.error());
        }
        return own;
    }

    @Override
    public Map<String, byte[]> seeds() {
        return Map.of("given", given.clone());
    }
}
