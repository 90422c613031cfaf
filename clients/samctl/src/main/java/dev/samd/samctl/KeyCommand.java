// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import picocli.CommandLine.Command;

/** The key-encryption key of the database. */
@Command(
        name = "key",
        description = "Looks after the key that the daemon's database is sealed under.",
        mixinStandardHelpOptions = true)
final class KeyCommand extends GroupCommand {}
