// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.client.SamdClient;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.drive.DriverPorts;
import dev.samd.kmp.drive.NegotiationDriver;
import dev.samd.kmp.drive.StrangerLimits;
import dev.samd.kmp.drive.Strangers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything of one kmpd, joined together: the one place where parts meet. */
final class Host implements AutoCloseable {
    private final List<NegotiationDriver> drivers = new ArrayList<>();
    private final CoapFront front;
    /** What is to be closed, the last one first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private Host(HostConfig config, List<Kmp> kmps) {
        SamdClient client = opened(config.daemon().connect());
        CoapEngine engine = opened(new CoapEngine(config.block()));
        DaemonKeys keys = opened(new DaemonKeys(client));
        LoopThread loop = opened(new LoopThread());
        CoapSender sender = opened(new CoapSender(config.addresses(), config.credentials(), engine, client.records()));
        SecureRandom random = new SecureRandom();
        Strangers strangers =
                new Strangers(StrangerLimits.DEFAULT.withEcho(config.echo()), config.proxies(), random, loop.now());
        RunLogger logger = new RunLogger(Clock.systemUTC());
        DriverPorts ports = new DriverPorts(keys, sender, loop, opened(new Workers()));
        for (Kmp kmp : kmps) {
            drivers.add(new NegotiationDriver(kmp, ports, strangers, config.limits(), random, logger));
        }
        this.front = opened(new CoapFront(config.listen(), engine, drivers));
        try {
            sender.start();
            front.start();
        } catch (IOException e) {
            close();
            throw new ConfigException("cannot listen on " + Addresses.text(config.listen()) + ": " + e.getMessage());
        }
        drivers.forEach(driver -> {
            parts.push(driver);
            driver.start();
        });
    }

    /**
     * Starts a host.
     *
     * @throws ConfigException if the configuration is at fault
     */
    static Host start(HostConfig config, List<KmpProvider> providers) {
        List<Kmp> kmps = new ArrayList<>();
        Set<String> resources = new HashSet<>();
        for (KmpProvider provider : providers) {
            Map<String, Object> section = config.sections().get(provider.name());
            if (section == null) {
                continue;
            }
            Kmp kmp;
            try {
                kmp = provider.create(new KmpSetup(section, config.directory(), new SecureRandom()));
            } catch (KmpConfigException e) {
                throw new ConfigException("section " + provider.name() + ": " + e.getMessage());
            }
            for (String path : kmp.resources()) {
                if (!resources.add(path)) {
                    throw new ConfigException("two KMPs want the resource " + path);
                }
            }
            kmps.add(kmp);
        }
        return new Host(config, kmps);
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** The address of its own CoAP port. */
    InetSocketAddress address() {
        return front.address();
    }

    /** The names of its KMPs. */
    List<String> kmps() {
        return drivers.stream().map(driver -> driver.kmp().name()).toList();
    }

    /** Unregisters, abandons every run, and gives up every port. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(
                        "cannot close " + part.getClass().getSimpleName(), e);
            }
        }
    }
}
