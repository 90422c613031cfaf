// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.nio.file.Path;

/**
 * A backup.
 *
 * @param destination its directory
 * @param octets size of its files
 * @param revision of the last change that is in it
 * @param keyEncryptionKey name of the key that opens it, which is not in it
 */
public record BackupMade(Path destination, long octets, long revision, String keyEncryptionKey) {}
