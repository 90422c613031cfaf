// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;

/**
 * The commands below the root. Reading a command's options by reflection takes longer than most commands do, so a command
 * line that names its command has that one only; one that names none, or asks for help, has all of them.
 */
final class CommandTree {
    private static final Map<String, Class<?>> OF_ROOT = inOrder(
            Map.entry("sa", SaCommand.class),
            Map.entry("policy", PolicyCommand.class),
            Map.entry("explain", ExplainCommand.class),
            Map.entry("monitor", MonitorCommand.class),
            Map.entry("audit", AuditCommand.class),
            Map.entry("whoami", WhoAmICommand.class),
            Map.entry("info", InfoCommand.class),
            Map.entry("backup", BackupCommand.class),
            Map.entry("key", KeyCommand.class),
            Map.entry("protect", ProtectCommand.class),
            Map.entry("unprotect", UnprotectCommand.class),
            Map.entry("seal", SealCommand.class),
            Map.entry("open", OpenCommand.class));

    private static final Map<String, Class<?>> OF_SA = inOrder(
            Map.entry("getspi", SaGetSpiCommand.class),
            Map.entry("add", SaAddCommand.class),
            Map.entry("update", SaUpdateCommand.class),
            Map.entry("get", SaGetCommand.class),
            Map.entry("delete", SaDeleteCommand.class),
            Map.entry("list", SaListCommand.class),
            Map.entry("count", SaCountCommand.class),
            Map.entry("flush", SaFlushCommand.class));

    private static final Map<String, Class<?>> OF_POLICY = inOrder(
            Map.entry("add", PolicyAddCommand.class),
            Map.entry("update", PolicyUpdateCommand.class),
            Map.entry("get", PolicyGetCommand.class),
            Map.entry("delete", PolicyDeleteCommand.class),
            Map.entry("list", PolicyListCommand.class),
            Map.entry("flush", PolicyFlushCommand.class));

    private static final Map<String, Class<?>> OF_EXPLAIN = inOrder(Map.entry("access", ExplainAccessCommand.class));

    private static final Map<String, Class<?>> OF_AUDIT =
            inOrder(Map.entry("verify", AuditVerifyCommand.class), Map.entry("show", AuditShowCommand.class));

    private static final Map<String, Class<?>> OF_KEY = inOrder(Map.entry("rotate", KeyRotateCommand.class));

    private static final Map<String, Map<String, Class<?>>> GROUPS =
            Map.of("sa", OF_SA, "policy", OF_POLICY, "explain", OF_EXPLAIN, "audit", OF_AUDIT, "key", OF_KEY);

    /** Second names of commands: who uses one has to find the command. */
    private static final Map<String, String> ALIASES = Map.of("allocspi", "getspi");

    private static final Set<String> HELP = Set.of("-h", "--help");

    private CommandTree() {}

    /** The root with those commands that the arguments may mean. */
    static CommandLine of(Samctl root, List<String> arguments) {
        CommandLine line = new CommandLine(root);
        for (String name : meant(OF_ROOT, arguments)) {
            CommandLine command = new CommandLine(OF_ROOT.get(name));
            Map<String, Class<?>> verbs = GROUPS.getOrDefault(name, Map.of());
            meant(verbs, arguments).forEach(verb -> command.addSubcommand(verb, verbs.get(verb)));
            line.addSubcommand(name, command);
        }
        return line;
    }

    /** The commands of a group, in the order in which help lists them. */
    static List<String> verbsOf(String group) {
        return List.copyOf(GROUPS.getOrDefault(group, Map.of()).keySet());
    }

    /** A superset of what is meant: a word may be an option's value too. */
    private static Collection<String> meant(Map<String, Class<?>> commands, List<String> arguments) {
        List<String> words =
                arguments.stream().map(word -> ALIASES.getOrDefault(word, word)).toList();
        List<String> named = commands.keySet().stream().filter(words::contains).toList();
        return named.isEmpty() || arguments.stream().anyMatch(HELP::contains) ? commands.keySet() : named;
    }

    @SafeVarargs
    private static Map<String, Class<?>> inOrder(Map.Entry<String, Class<?>>... commands) {
        Map<String, Class<?>> ordered = new LinkedHashMap<>();
        for (Map.Entry<String, Class<?>> command : commands) {
            ordered.put(command.getKey(), command.getValue());
        }
        return ordered;
    }
}
