// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import picocli.CommandLine.Command;

/** The audit log, as files: no daemon is asked. */
@Command(
        name = "audit",
        description = "Verifies and shows the files of an audit log. No daemon is asked.",
        mixinStandardHelpOptions = true)
final class AuditCommand extends GroupCommand {}
