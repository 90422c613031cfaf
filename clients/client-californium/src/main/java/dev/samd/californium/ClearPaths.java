// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;

/**
 * The paths, {@code /a/b}, whose messages a program wants in clear, whatever the policy says. They are compared segment by
 * segment, and nothing below them is included, but for {@code /a/*}, which stands for each path one segment below {@code /a}. A
 * request for a proxy is never one of them.
 *
 * @param all the paths whose requests leave and arrive in clear, by every method
 * @param relays the paths of {@link KmpRelayResource}s, whose POST arrives in clear: the first word of a peer cannot be
 *     protected
 */
public record ClearPaths(Set<String> all, Set<String> relays) {
    /** Everything is protected. */
    public static final ClearPaths NONE = new ClearPaths(Set.of(), Set.of());

    public ClearPaths {
        all = checked(all);
        relays = checked(relays);
    }

    private static Set<String> checked(Set<String> paths) {
        for (String path : paths) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("clear path \"" + path + "\" does not begin with /");
            }
        }
        return Set.copyOf(paths);
    }

    /** The segments of a path. */
    static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    /** Whether a request of the program leaves in clear. */
    boolean letOut(Request request) {
        return name(all, request.getOptions());
    }

    /**
     * Whether a request that arrived is taken in clear. A KMP may carry what begins like a record, so at a relay only the
     * definite signs of protection count.
     */
    boolean letIn(Request request) {
        return name(all, request.getOptions())
                || (request.getCode() == Code.POST
                        && name(relays, request.getOptions())
                        && !OuterSigns.claimProtection(request));
    }

    /** Whether a request is for the path of a relay. */
    boolean isRelay(Request request) {
        return name(relays, request.getOptions());
    }

    /** Whether a path stands for those one segment below another. */
    static boolean isParent(String path) {
        return path.endsWith("/*");
    }

    private static boolean fits(String path, List<String> asked) {
        List<String> segments = segments(path);
        int last = segments.size() - 1;
        return isParent(path)
                ? asked.size() == segments.size() && asked.subList(0, last).equals(segments.subList(0, last))
                : asked.equals(segments);
    }

    private static boolean name(Set<String> paths, OptionSet options) {
        if (paths.isEmpty() || options.hasProxyUri() || options.hasProxyScheme()) {
            return false;
        }
        List<String> asked = options.getUriPath();
        return paths.stream().anyMatch(path -> fits(path, asked));
    }
}
