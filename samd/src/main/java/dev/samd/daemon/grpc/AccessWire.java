// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.Principal;
import dev.samd.daemon.access.Quota;
import dev.samd.daemon.access.Role;
import dev.samd.daemon.access.Rule;
import dev.samd.sa.Direction;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.v1.Grant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Callers and their rights as messages. */
final class AccessWire {
    private static final int NOBODY = -1;

    private AccessWire() {}

    static AdminServiceWhoAmIResponse toWire(Caller caller) {
        AdminServiceWhoAmIResponse.Builder me = AdminServiceWhoAmIResponse.newBuilder()
                .setPrincipal(caller.principal())
                .setPid(caller.pid())
                .addAllRoles(words(caller.rights().roles()))
                .setQuota(toWire(caller.quota()))
                .setSocket(caller.door().name().toLowerCase(Locale.ROOT));
        if (caller.rights().principal() instanceof Principal.Local process) {
            me.setUid(process.uid()).setGid(process.gid()).setTransport("unix");
            process.groups().stream().sorted(Integer::compareUnsigned).forEach(me::addGroups);
        } else {
            me.setUid(NOBODY).setGid(NOBODY).setTransport("tls");
        }
        caller.rights().rules().forEach(rule -> me.addGrants(toWire(rule)));
        return me.build();
    }

    private static Grant toWire(Rule rule) {
        return Grant.newBuilder()
                .setRule(rule.name())
                .addAllRoles(words(rule.roles()))
                .addAllEndpoints(rule.endpoints())
                .setProtect(rule.directions().contains(Direction.OUTBOUND))
                .setUnprotect(rule.directions().contains(Direction.INBOUND))
                .addAllKmps(rule.kmps())
                .build();
    }

    private static List<String> words(Collection<Role> roles) {
        return roles.stream().map(Role::word).sorted().toList();
    }

    private static dev.samd.v1.Quota toWire(Quota quota) {
        return dev.samd.v1.Quota.newBuilder()
                .setCallsPerSecond(bounded(quota.callsPerSecond()))
                .setCallsInFlight(bounded(quota.callsInFlight()))
                .setSas(bounded(quota.sas()))
                .setLarvalSas(bounded(quota.larvalSas()))
                .setPendingAcquires(bounded(quota.pendingAcquires()))
                .setWatchers(bounded(quota.watchers()))
                .setDenialsPerSecond(bounded(quota.denialsPerSecond()))
                .build();
    }

    private static int bounded(int most) {
        return most == Integer.MAX_VALUE ? 0 : most;
    }
}
