// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Caller;
import dev.samd.client.SamdClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Shows whom the daemon takes the caller for. */
@Command(name = "whoami", description = "Shows whom the daemon takes this user for.", mixinStandardHelpOptions = true)
final class WhoAmICommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Override
    public Integer call() {
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            Caller caller = client.admin().whoAmI();
            Map<String, String> people = new LinkedHashMap<>();
            people.put("principal", caller.principal());
            people.put("uid", Long.toString(caller.uid()));
            people.put("gid", Long.toString(caller.gid()));
            people.put("pid", Long.toString(caller.pid()));
            people.put("transport", caller.transport());
            printer.single(
                    people,
                    new Json()
                            .with("principal", caller.principal())
                            .with("uid", caller.uid())
                            .with("gid", caller.gid())
                            .with("pid", caller.pid())
                            .with("transport", caller.transport()));
        }
        return ExitCode.DONE;
    }
}
