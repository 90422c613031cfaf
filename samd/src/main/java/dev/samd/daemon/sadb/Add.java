// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;

/**
 * Installs one SA as MATURE (ADD, RFC 2367 s3.1.3). The SADB takes the keys over, also where it refuses.
 *
 * @param origin who asks
 * @param parameters the SA
 * @param keys its keys
 * @param pairName SAs that one principal adds under one name form a pair; empty: alone
 */
public record Add(Origin origin, SaParameters parameters, TrafficKeys keys, String pairName) {}
