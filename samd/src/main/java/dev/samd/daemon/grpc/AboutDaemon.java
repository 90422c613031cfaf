// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import java.time.Instant;

/**
 * What the daemon says of itself.
 *
 * @param version of the program
 * @param instance random name of this run
 * @param started when it began to serve
 * @param store the kind of its store
 */
public record AboutDaemon(String version, String instance, Instant started, String store) {}
