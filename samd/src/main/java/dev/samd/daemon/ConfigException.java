// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

/** A configuration that cannot be: what is wrong, and where. The daemon does not start. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message names the thing and the value, and the line if there is one */
    public ConfigException(String message) {
        super(message);
    }
}
