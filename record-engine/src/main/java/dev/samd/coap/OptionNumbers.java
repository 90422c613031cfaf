// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;

/**
 * The private numbers of protected messages, in the experimental range of RFC 7252 s12.2. Both ends must agree on them.
 *
 * <p>A number must be 65000..65535, critical, safe to forward and part of the cache key (RFC 7252 s5.4.6): a proxy that
 * does not know it passes it on, an endpoint that does not know it refuses the message.
 *
 * @param record the empty option that says: the payload is a DTLS record
 * @param recBind the inner option that names the request of a response
 * @param payloadFormat the Content-Format of a protected payload
 */
public record OptionNumbers(int record, int recBind, int payloadFormat) {
    /** 65025, 65029 and 65001. */
    public static final OptionNumbers DEFAULT = new OptionNumbers(65_025, 65_029, 65_001);

    private static final int LOWEST = 65_000;

    /** @throws SaException {@link SaError#MALFORMED} for a number outside of the rule, or one option number for two */
    public OptionNumbers {
        check("DTLS-Record option", record);
        check("Rec-Bind option", recBind);
        check("payload Content-Format", payloadFormat);
        if (record == recBind) {
            throw new SaException(
                    SaError.MALFORMED,
                    Integer.toString(record),
                    "option number " + record + " stands for both DTLS-Record and Rec-Bind");
        }
    }

    private static void check(String what, int number) {
        boolean critical = (number & 0x01) != 0;
        boolean safe = (number & 0x02) == 0;
        boolean cacheKey = (number & 0x1e) != 0x1c;
        if (number < LOWEST || number > CoapOption.MAX_NUMBER || !critical || !safe || !cacheKey) {
            throw new SaException(
                    SaError.MALFORMED,
                    Integer.toString(number),
                    what + " number " + number + " is not a critical, safe, cache-key number of " + LOWEST + ".."
                            + CoapOption.MAX_NUMBER);
        }
    }

    /** Whether the number belongs to one of the two options. */
    boolean isOwn(int option) {
        return option == record || option == recBind;
    }
}
