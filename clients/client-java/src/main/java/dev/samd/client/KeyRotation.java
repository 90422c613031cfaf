// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import java.util.List;

/**
 * What a rotation of the key-encryption key did.
 *
 * @param destroyed names of the keys that are gone: backups sealed under them cannot be read any more
 * @param current name of the key that seals now
 * @param place where it is, to be shown
 */
public record KeyRotation(List<String> destroyed, String current, String place) {
    public KeyRotation {
        destroyed = List.copyOf(destroyed);
    }
}
