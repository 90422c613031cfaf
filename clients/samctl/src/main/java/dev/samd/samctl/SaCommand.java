// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import picocli.CommandLine.Command;

/** The SA database. */
@Command(
        name = "sa",
        description = "Adds, changes, shows, lists and ends security associations.",
        mixinStandardHelpOptions = true)
final class SaCommand extends GroupCommand {}
