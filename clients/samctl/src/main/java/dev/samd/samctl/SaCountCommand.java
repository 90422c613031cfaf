// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaFilter;
import dev.samd.client.SamdClient;
import dev.samd.sa.SaState;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Counts SAs, in all and by state. */
@Command(name = "count", description = "Counts SAs, in all and by state.", mixinStandardHelpOptions = true)
final class SaCountCommand implements Callable<Integer> {
    @Mixin
    private FilterOptions filter = new FilterOptions();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        SaFilter wanted = filter.filter();
        Map<SaState, Long> byState = new EnumMap<>(SaState.class);
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            client.sadb().dump(wanted, entry -> byState.merge(entry.state(), 1L, Long::sum));
            long count = byState.values().stream().mapToLong(Long::longValue).sum();
            Map<String, String> people = new LinkedHashMap<>();
            people.put("SAs", Long.toString(count));
            Json states = new Json();
            byState.forEach((state, number) -> {
                people.put(state.name(), number.toString());
                states.with(state.name(), number);
            });
            printer.single(people, new Json().with("count", count).with("states", states));
        }
        return ExitCode.DONE;
    }
}
