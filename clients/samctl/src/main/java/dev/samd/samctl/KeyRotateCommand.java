// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.KeyRotation;
import dev.samd.client.SamdClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Has the daemon seal under a new key. */
@Command(
        name = "rotate",
        description =
                "Makes a new key-encryption key, seals under it, and destroys the older ones. Backups that were sealed"
                        + " under those can only be read with a copy of them.",
        mixinStandardHelpOptions = true)
final class KeyRotateCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private KeyCommand key;

    @Override
    public Integer call() {
        try (SamdClient client = key.samctl().connect();
                Printer printer = key.samctl().printer()) {
            KeyRotation rotated = client.admin().rotateKey();
            Map<String, String> people = new LinkedHashMap<>();
            people.put("sealed by", rotated.current());
            people.put("in", rotated.place());
            people.put("destroyed", String.join(" ", rotated.destroyed()));
            printer.single(
                    people,
                    new Json()
                            .with("current", rotated.current())
                            .with("place", rotated.place())
                            .with("destroyed", rotated.destroyed()));
        }
        return ExitCode.DONE;
    }
}
