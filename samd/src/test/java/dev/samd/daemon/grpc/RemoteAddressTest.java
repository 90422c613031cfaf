// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.access.TcpSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;

class RemoteAddressTest {
    private static TcpSource source(String literal) throws Exception {
        return RemoteAddress.source(new InetSocketAddress(InetAddress.getByName(literal), 7));
    }

    @Test
    void anAddressOfIpv4IsItsOwnNetwork() throws Exception {
        assertThat(source("192.0.2.1")).isEqualTo(new TcpSource("192.0.2.1", 7, "192.0.2.1"));
    }

    @Test
    void addressesOfOneIpv6HostAreOneNetwork() throws Exception {
        assertThat(source("2001:db8:1:2:3:4:5:6").network())
                .isEqualTo(source("2001:db8:1:2:ffff::1").network())
                .isEqualTo("2001:db8:1:2:0:0:0:0/64")
                .isNotEqualTo(source("2001:db8:1:3::1").network());
    }

    @Test
    void whatIsNoAddressStandsForItself() {
        assertThat(RemoteAddress.source(UnixDomainSocketAddress.of("/s")).network())
                .isEqualTo("/s");
    }
}
