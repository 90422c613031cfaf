// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.BackupReport;
import dev.samd.client.SamdClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Has the daemon copy its database. */
@Command(
        name = "backup",
        description = "Copies the daemon's database, while it is used, to a new directory on the daemon's host.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Parameters(
            paramLabel = "DIR",
            description = "Directory that does not exist. The key that opens the copy is not in it: keep both apart.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path destination;

    @Override
    public Integer call() {
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            // The daemon is elsewhere in the file system, on the same host.
            BackupReport made =
                    client.admin().backup(destination.toAbsolutePath().normalize());
            Map<String, String> people = new LinkedHashMap<>();
            people.put("backup", made.destination());
            people.put("octets", Long.toString(made.octets()));
            people.put("revision", Long.toString(made.revision()));
            people.put("opened by key", made.keyEncryptionKey());
            printer.single(
                    people,
                    new Json()
                            .with("destination", made.destination())
                            .with("octets", made.octets())
                            .with("revision", made.revision())
                            .with("key_encryption_key", made.keyEncryptionKey()));
        }
        return ExitCode.DONE;
    }
}
