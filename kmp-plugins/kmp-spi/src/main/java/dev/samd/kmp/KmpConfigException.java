// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

/** A section of the configuration from which no KMP can be made. Names the key and the value, never a secret. */
public final class KmpConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence that names the key and the value */
    public KmpConfigException(String message) {
        super(message);
    }
}
