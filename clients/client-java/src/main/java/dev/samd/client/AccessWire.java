// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.v1.AdminServiceExplainAccessRequest;
import dev.samd.v1.AdminServiceExplainAccessResponse;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.v1.Quota;

/** Callers, and questions about them, as messages. */
final class AccessWire {
    private AccessWire() {}

    static Caller caller(AdminServiceWhoAmIResponse me) {
        return new Caller(
                me.getPrincipal(),
                Integer.toUnsignedLong(me.getUid()),
                Integer.toUnsignedLong(me.getGid()),
                me.getGroupsList().stream().map(Integer::toUnsignedLong).toList(),
                Integer.toUnsignedLong(me.getPid()),
                me.getTransport(),
                me.getSocket(),
                me.getRolesList(),
                me.getGrantsList().stream()
                        .map(grant -> new Caller.Grant(
                                grant.getRule(),
                                grant.getRolesList(),
                                grant.getEndpointsList(),
                                grant.getProtect(),
                                grant.getUnprotect(),
                                grant.getKmpsList()))
                        .toList(),
                quota(me.getQuota()));
    }

    private static Caller.Quota quota(Quota quota) {
        return new Caller.Quota(
                Integer.toUnsignedLong(quota.getCallsPerSecond()),
                Integer.toUnsignedLong(quota.getCallsInFlight()),
                Integer.toUnsignedLong(quota.getSas()),
                Integer.toUnsignedLong(quota.getLarvalSas()),
                Integer.toUnsignedLong(quota.getPendingAcquires()),
                Integer.toUnsignedLong(quota.getWatchers()),
                Integer.toUnsignedLong(quota.getDenialsPerSecond()));
    }

    static AdminServiceExplainAccessRequest toWire(AccessQuestion question) {
        AdminServiceExplainAccessRequest.Builder wire = AdminServiceExplainAccessRequest.newBuilder()
                .setVerb(question.verb())
                .setEndpoint(question.endpoint())
                .setKmp(question.kmp())
                .setSocket(question.socket());
        AccessQuestion.LocalProcess process = question.process();
        if (process == null) {
            wire.setSan(question.san());
        } else {
            wire.setProcess(AdminServiceExplainAccessRequest.Process.newBuilder()
                    .setUid((int) process.uid())
                    .setGid((int) process.gid())
                    .addAllGroups(process.groups().stream().map(Long::intValue).toList()));
        }
        question.sa().ifPresent(sa -> wire.setSaId(sa.value()));
        return wire.build();
    }

    static AccessAnswer answer(AdminServiceExplainAccessResponse wire) {
        return new AccessAnswer(wire.getAllowed(), wire.getRule(), wire.getStepsList());
    }
}
