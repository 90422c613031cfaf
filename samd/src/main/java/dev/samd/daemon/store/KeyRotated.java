// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.util.List;

/**
 * What a rotation of the key-encryption key did.
 *
 * @param destroyed names of the keys that are gone
 * @param current name of the key that seals now
 * @param place where it is, to be shown
 */
public record KeyRotated(List<String> destroyed, String current, String place) {
    public KeyRotated {
        destroyed = List.copyOf(destroyed);
    }
}
