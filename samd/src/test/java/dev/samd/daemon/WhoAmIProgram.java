// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Asks a daemon for whom it takes this process. */
final class WhoAmIProgram {
    private WhoAmIProgram() {}

    public static void main(String[] arguments) {
        try (TestChannel channel = new TestChannel(Path.of(arguments[0]))) {
            AdminServiceWhoAmIResponse me = AdminServiceGrpc.newBlockingStub(channel.channel())
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance());
            System.out.println(me.getPrincipal() + " " + me.getUid() + " " + me.getGid() + " " + me.getPid());
        }
    }
}
