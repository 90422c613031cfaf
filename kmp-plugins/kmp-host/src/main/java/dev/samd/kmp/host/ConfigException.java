// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

/** A configuration that kmpd cannot start with. The message names the file, the line, the key and the value. */
final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }
}
