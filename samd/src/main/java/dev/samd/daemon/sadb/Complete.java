// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;

/**
 * Gives a LARVAL SA its keys (UPDATE, RFC 2367 s3.1.2). The SADB takes the keys over, also where it refuses.
 *
 * @param origin who asks: the principal of the GETSPI
 * @param sa the LARVAL SA
 * @param parameters everything; SPI, peer and local endpoint as reserved
 * @param keys its keys
 * @param pairName as in {@link Add}
 */
public record Complete(Origin origin, SaSelector sa, SaParameters parameters, TrafficKeys keys, String pairName) {}
