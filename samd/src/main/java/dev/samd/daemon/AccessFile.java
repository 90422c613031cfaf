// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.access.AccessRules;
import dev.samd.daemon.access.Quota;
import dev.samd.daemon.access.Role;
import dev.samd.daemon.access.Rule;
import dev.samd.daemon.grpc.TlsListen;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The sections {@code access} and {@code listen} of the YAML file. */
final class AccessFile {
    private static final Set<String> KEYS = Set.of("quota", "rules");
    private static final Set<String> RULE_KEYS =
            Set.of("name", "uid", "gid", "san", "roles", "endpoints", "grant", "kmps", "quota");
    private static final Set<String> QUOTA_KEYS = Set.of(
            "calls_per_second",
            "calls_in_flight",
            "sas",
            "larval_sas",
            "pending_acquires",
            "watchers",
            "denials_per_second");
    private static final Set<String> LISTEN_KEYS = Set.of("tcp", "certificate", "key", "client_ca", "client_crl");
    private static final long MOST_ID = 0xffff_fffeL;
    private static final int MAX_RULES = 1024;
    private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\[\\]]+?)]?:([0-9]{1,5})");

    private AccessFile() {}

    static AccessRules rules(ConfigNode node) {
        Map<String, ConfigNode> values = node.mapping(KEYS);
        ConfigNode stated = values.get("quota");
        Quota defaults = stated == null ? Quota.DEFAULT : quota(stated, Quota.DEFAULT);
        ConfigNode list = values.get("rules");
        List<Rule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ConfigNode each : list == null ? List.<ConfigNode>of() : list.list()) {
            Rule rule = rule(each, defaults);
            if (!names.add(rule.name())) {
                throw each.wrong("rule \"" + rule.name() + "\" stands twice");
            }
            rules.add(rule);
        }
        if (rules.size() > MAX_RULES) {
            throw node.wrong(rules.size() + " rules; at most " + MAX_RULES + " expected");
        }
        return new AccessRules(rules, defaults);
    }

    private static Rule rule(ConfigNode node, Quota defaults) {
        Map<String, ConfigNode> values = node.mapping(RULE_KEYS);
        ConfigNode name = required(node, values, "name");
        if (name.text().isEmpty()) {
            throw name.wrong("name is empty");
        }
        Set<Integer> uids = ids(values.get("uid"));
        Set<Integer> gids = ids(values.get("gid"));
        List<String> sans = texts(values.get("san"));
        if (uids.isEmpty() && gids.isEmpty() && sans.isEmpty()) {
            throw node.wrong("rule \"" + name.text() + "\" is for nobody: uid, gid or san expected");
        }
        if (!sans.isEmpty() && !(uids.isEmpty() && gids.isEmpty())) {
            throw node.wrong("rule \"" + name.text() + "\" fits nobody: a caller has uid and gid, or a san");
        }
        Set<Role> roles = roles(required(node, values, "roles"));
        List<String> endpoints = endpoints(values.get("endpoints"));
        List<String> kmps = texts(values.get("kmps"));
        requireUsed(values.get("endpoints"), roles, Role.APP);
        requireUsed(values.get("grant"), roles, Role.APP);
        requireUsed(values.get("kmps"), roles, Role.KMP);
        if (roles.contains(Role.APP) && endpoints.isEmpty()) {
            throw node.wrong("rule \"" + name.text() + "\" makes an app without endpoints; \"*\" stands for all");
        }
        if (roles.contains(Role.KMP) && kmps.isEmpty()) {
            throw node.wrong("rule \"" + name.text() + "\" makes a kmp without kmps; \"*\" stands for all");
        }
        ConfigNode quota = values.get("quota");
        return new Rule(
                name.text(),
                uids,
                gids,
                sans,
                roles,
                endpoints,
                directions(values.get("grant")),
                kmps,
                quota == null ? null : quota(quota, defaults));
    }

    private static ConfigNode required(ConfigNode node, Map<String, ConfigNode> values, String key) {
        ConfigNode value = values.get(key);
        if (value == null) {
            throw node.wrong(key + " is missing");
        }
        return value;
    }

    /** What would have no effect is a mistake of whoever wrote it. */
    private static void requireUsed(@Nullable ConfigNode value, Set<Role> roles, Role role) {
        if (value != null && !roles.contains(role)) {
            throw value.wrong("this is for the role " + role.word() + ", which the rule does not give");
        }
    }

    private static Set<Integer> ids(@Nullable ConfigNode node) {
        Set<Integer> ids = new HashSet<>();
        if (node != null) {
            node.list().forEach(id -> ids.add((int) id.number(0, MOST_ID)));
        }
        return ids;
    }

    private static List<String> texts(@Nullable ConfigNode node) {
        if (node == null) {
            return List.of();
        }
        for (ConfigNode each : node.list()) {
            if (each.text().isEmpty()) {
                throw each.wrong("an empty pattern fits nothing");
            }
        }
        return node.texts();
    }

    private static Set<Role> roles(ConfigNode node) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (ConfigNode each : node.list()) {
            roles.add(Arrays.stream(Role.values())
                    .filter(role -> role.word().equals(each.text()))
                    .findFirst()
                    .orElseThrow(() ->
                            each.wrong("\"" + each.text() + "\" is no role; kmp, app, operator or auditor expected")));
        }
        if (roles.isEmpty()) {
            throw node.wrong("roles is empty");
        }
        return roles;
    }

    /** Endpoints without a star are names, so that one that could never fit is refused. */
    private static List<String> endpoints(@Nullable ConfigNode node) {
        List<String> patterns = new ArrayList<>();
        for (ConfigNode each : node == null ? List.<ConfigNode>of() : node.list()) {
            String text = each.text();
            boolean isName = !text.equals(Rule.HOST) && !text.contains("*");
            patterns.add(isName ? each.as(Endpoint::parse).uri() : text);
        }
        return patterns;
    }

    private static Set<Direction> directions(@Nullable ConfigNode node) {
        if (node == null) {
            return Set.of(Direction.values());
        }
        Set<Direction> directions = EnumSet.noneOf(Direction.class);
        for (ConfigNode each : node.list()) {
            switch (each.text()) {
                case "protect" -> directions.add(Direction.OUTBOUND);
                case "unprotect" -> directions.add(Direction.INBOUND);
                default -> throw each.wrong("\"" + each.text() + "\" is no grant; protect or unprotect expected");
            }
        }
        return directions;
    }

    private static Quota quota(ConfigNode node, Quota otherwise) {
        Map<String, ConfigNode> values = node.mapping(QUOTA_KEYS);
        return new Quota(
                most(values, "calls_per_second", otherwise.callsPerSecond()),
                most(values, "calls_in_flight", otherwise.callsInFlight()),
                most(values, "sas", otherwise.sas()),
                most(values, "larval_sas", otherwise.larvalSas()),
                most(values, "pending_acquires", otherwise.pendingAcquires()),
                most(values, "watchers", otherwise.watchers()),
                // One at least: whoever was denied once would be shut out for ever.
                most(values, "denials_per_second", 1, otherwise.denialsPerSecond()));
    }

    private static int most(Map<String, ConfigNode> values, String key, int otherwise) {
        return most(values, key, 0, otherwise);
    }

    private static int most(Map<String, ConfigNode> values, String key, int least, int otherwise) {
        ConfigNode node = values.get(key);
        return node == null ? otherwise : (int) node.number(least, 1 << 30);
    }

    static TlsListen listen(ConfigNode node) {
        Map<String, ConfigNode> values = node.mapping(LISTEN_KEYS);
        ConfigNode tcp = required(node, values, "tcp");
        Matcher address = ADDRESS.matcher(tcp.text());
        int port = address.matches() ? Integer.parseInt(address.group(2)) : -1;
        if (port < 0 || port > 0xffff) {
            throw tcp.wrong("tcp is " + tcp.text() + "; HOST:PORT expected");
        }
        ConfigNode crl = values.get("client_crl");
        return new TlsListen(
                address.group(1),
                port,
                Path.of(required(node, values, "certificate").text()),
                Path.of(required(node, values, "key").text()),
                Path.of(required(node, values, "client_ca").text()),
                crl == null ? null : Path.of(crl.text()));
    }
}
