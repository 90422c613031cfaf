// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.Lifetime;
import dev.samd.sa.SaParameters;
import java.util.List;

/**
 * What an SA has to be so that a policy admits it, and how KMPs are to make one.
 *
 * @param suites the preferred one first; empty: all that the daemon has, 16-octet tags first
 * @param content MESSAGE or PAYLOAD
 * @param form how a protected message looks; {@link Form#NONE} where the content is PAYLOAD
 * @param lifetime of SAs that KMPs make
 * @param window replay window of SAs that KMPs make, in records
 * @param reqid mark of SAs that KMPs make, unsigned; 0 for none
 */
public record SaTemplate(
        List<CipherSuite> suites, Content content, Form form, Lifetime lifetime, int window, int reqid) {
    /** Any suite, whole messages, no limits but those of the algorithm. */
    public static final SaTemplate ANY =
            new SaTemplate(List.of(), Content.MESSAGE, Form.SAMD, Lifetime.UNLIMITED, SaParameters.DEFAULT_WINDOW, 0);

    public SaTemplate {
        suites = List.copyOf(suites);
    }
}
