// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Caller;
import dev.samd.client.SamdClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Shows whom the daemon takes the caller for, and what that one may do. */
@Command(
        name = "whoami",
        description = "Shows whom the daemon takes this user for, its roles, its rules and its quota.",
        mixinStandardHelpOptions = true)
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
            if (!caller.groups().isEmpty()) {
                people.put(
                        "groups", caller.groups().stream().map(String::valueOf).collect(Collectors.joining(", ")));
            }
            people.put("pid", Long.toString(caller.pid()));
            people.put("transport", caller.transport());
            people.put("socket", caller.socket());
            people.put("roles", caller.roles().isEmpty() ? EntryTable.NOTHING : String.join(", ", caller.roles()));
            for (Caller.Grant grant : caller.grants()) {
                people.put("rule " + Json.word(grant.rule()), text(grant));
            }
            people.put("quota", text(caller.quota()));
            printer.single(people, machine(caller));
        }
        return ExitCode.DONE;
    }

    private static String text(Caller.Grant grant) {
        String text = String.join(", ", grant.roles());
        if (grant.roles().contains("app")) {
            String what = grant.protect() && grant.unprotect() ? "" : grant.protect() ? "protect " : "unprotect ";
            text += "; " + what + "at " + String.join(", ", grant.endpoints());
        }
        return grant.roles().contains("kmp") ? text + "; as KMP " + String.join(", ", grant.kmps()) : text;
    }

    private static String text(Caller.Quota quota) {
        List<String> limits = new ArrayList<>();
        add(limits, "calls/s", quota.callsPerSecond());
        add(limits, "calls in flight", quota.callsInFlight());
        add(limits, "SAs", quota.sas());
        add(limits, "larval", quota.larvalSas());
        add(limits, "pending acquires", quota.pendingAcquires());
        add(limits, "watchers", quota.watchers());
        add(limits, "denials/s", quota.denialsPerSecond());
        return limits.isEmpty() ? "none" : String.join(", ", limits);
    }

    private static void add(List<String> limits, String what, long most) {
        if (most > 0) {
            limits.add(most + " " + what);
        }
    }

    private static Json machine(Caller caller) {
        return new Json()
                .with("principal", caller.principal())
                .with("uid", caller.uid())
                .with("gid", caller.gid())
                .with("pid", caller.pid())
                .with("transport", caller.transport())
                .with("roles", caller.roles())
                .with(
                        "grants",
                        caller.grants().stream().map(WhoAmICommand::machine).toList())
                .with(
                        "quota",
                        new Json()
                                .with("calls_per_second", caller.quota().callsPerSecond())
                                .with("calls_in_flight", caller.quota().callsInFlight())
                                .with("sas", caller.quota().sas())
                                .with("larval_sas", caller.quota().larvalSas())
                                .with("pending_acquires", caller.quota().pendingAcquires())
                                .with("watchers", caller.quota().watchers())
                                .with("denials_per_second", caller.quota().denialsPerSecond()))
                .with("socket", caller.socket())
                .with("groups", caller.groups());
    }

    private static Json machine(Caller.Grant grant) {
        return new Json()
                .with("rule", grant.rule())
                .with("roles", grant.roles())
                .with("endpoints", grant.endpoints())
                .with("protect", grant.protect())
                .with("unprotect", grant.unprotect())
                .with("kmps", grant.kmps());
    }
}
