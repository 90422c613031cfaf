// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import picocli.CommandLine.Command;

/** The policies. */
@Command(
        name = "policy",
        description = "Adds, changes, shows, lists and takes out policies: what has to be protected, and by whom.",
        mixinStandardHelpOptions = true)
final class PolicyCommand extends GroupCommand {}
