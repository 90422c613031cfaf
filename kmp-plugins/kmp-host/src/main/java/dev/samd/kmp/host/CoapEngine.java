// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;

/** What the CoAP endpoints of one kmpd share: settings and threads. */
final class CoapEngine implements AutoCloseable {
    /** The longest body of a request or an answer, in octets, whatever blocks it comes in. */
    static final int MAX_BODY = 32_768;

    private final ScheduledExecutorService main =
            ExecutorsUtil.newScheduledThreadPool(2, new DaemonThreadFactory("samd-kmp-coap-"));
    private final ScheduledExecutorService secondary =
            ExecutorsUtil.newDefaultSecondaryScheduler("samd-kmp-coap-timer-");

    private final int block;

    /** @param block octets of a block, beyond which a body comes in several (RFC 7959) */
    CoapEngine(int block) {
        this.block = block;
    }

    /** Settings of every endpoint. Nothing is read from a file. */
    Configuration configuration() {
        return new Configuration(
                        CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, SystemConfig.DEFINITIONS, DtlsConfig.DEFINITIONS)
                .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, MAX_BODY)
                .set(CoapConfig.PREFERRED_BLOCK_SIZE, block)
                .set(CoapConfig.MAX_MESSAGE_SIZE, block)
                // Bounds what is remembered of one peer, and of all.
                .set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP)
                .set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, 64)
                .set(CoapConfig.MAX_ACTIVE_PEERS, 10_000)
                .set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, 60, TimeUnit.SECONDS)
                .set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY);
    }

    /** The same threads for every endpoint. */
    CoapEndpoint adopt(CoapEndpoint endpoint) {
        endpoint.setExecutors(main, secondary);
        return endpoint;
    }

    @Override
    public void close() {
        ExecutorsUtil.shutdownExecutorGracefully(2_000, main, secondary);
    }
}
