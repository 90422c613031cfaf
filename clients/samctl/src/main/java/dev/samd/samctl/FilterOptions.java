// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaFilter;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which SAs are meant: those that fit everything that is said. */
final class FilterOptions {
    @Option(names = "--peer", paramLabel = "URI", description = "Only SAs with this peer.")
    private String peer = "";

    @Option(names = "--local", paramLabel = "URI", description = "Only SAs of this local endpoint.")
    private String local = "";

    @Option(names = "--state", paramLabel = "STATE", description = "larval, mature, dying or dead.")
    private @Nullable SaState state;

    @Option(names = "--direction", paramLabel = "in|out", description = "Only SAs of this direction.")
    private @Nullable Way direction;

    /** The words of {@code --direction}. */
    enum Way {
        IN,
        OUT;

        Direction direction() {
            return this == IN ? Direction.INBOUND : Direction.OUTBOUND;
        }
    }

    SaFilter filter() {
        return new SaFilter(
                endpoint(peer),
                Optional.ofNullable(direction).map(Way::direction),
                Optional.ofNullable(state),
                endpoint(local));
    }

    private static Optional<Endpoint> endpoint(String uri) {
        return uri.isEmpty() ? Optional.empty() : Optional.of(Endpoint.parse(uri));
    }
}
