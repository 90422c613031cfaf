// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

/**
 * A backup that the daemon made.
 *
 * @param destination its directory on the daemon's host
 * @param octets size of its files
 * @param revision of the last change that is in it
 * @param keyEncryptionKey name of the key that opens it, which is not in it
 */
public record BackupReport(String destination, long octets, long revision, String keyEncryptionKey) {}
