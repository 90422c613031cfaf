// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

/** A row that is not what was written. */
final class DamagedRowException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedRowException(String message) {
        super(message);
    }
}
