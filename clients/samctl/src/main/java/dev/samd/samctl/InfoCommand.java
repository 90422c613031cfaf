// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.DaemonInfo;
import dev.samd.client.SamdClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Shows what the daemon is and can. */
@Command(name = "info", description = "Shows what the daemon is and can.", mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Override
    public Integer call() {
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            DaemonInfo info = client.admin().info();
            Map<String, String> people = new LinkedHashMap<>();
            people.put("version", info.version());
            people.put("instance", info.instance());
            people.put("pid", Long.toString(info.pid()));
            people.put("socket", client.address());
            people.put(
                    "up",
                    Durations.show(Duration.between(
                            info.started(), samctl.env().clock().instant())));
            people.put("store", info.store());
            people.put("SAs", Long.toString(info.saCount()));
            people.put("cursor", info.cursor().toString());
            people.put("suites", Integer.toString(info.suites().size()));
            info.refused().ifPresent(refused -> {
                people.put("denied", Long.toString(refused.denied()));
                people.put("over quota", Long.toString(refused.overQuota()));
                people.put("failed authentications", Long.toString(refused.failedAuthentications()));
            });
            printer.single(people, machine(info));
        }
        return ExitCode.DONE;
    }

    private static Json machine(DaemonInfo info) {
        Json json = new Json()
                .with("version", info.version())
                .with("instance", info.instance())
                .with("cursor", EntryJson.cursor(info.cursor()))
                .with("started", info.started())
                .with("store", info.store())
                .with("sa_count", info.saCount())
                .with(
                        "suites",
                        info.suites().stream()
                                .map(suite -> new Json()
                                        .with("code", suite.code())
                                        .with("name", suite.name())
                                        .with("aead", suite.aead().name()))
                                .toList())
                .with("pid", info.pid());
        info.refused()
                .ifPresent(refused -> json.with(
                        "access",
                        new Json()
                                .with("denied", refused.denied())
                                .with("over_quota", refused.overQuota())
                                .with("failed_authentications", refused.failedAuthentications())));
        return json;
    }
}
