// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.audit.AuditActor;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.daemon.access.AccessWatcher;
import dev.samd.daemon.access.Principal;
import dev.samd.daemon.access.TcpSource;
import dev.samd.daemon.observe.AuditLog;

/** Brings what was denied to the audit log, which counts what comes many times. Whatever was granted has a line of its own. */
final class AuditedAccess implements AccessWatcher {
    private final AuditLog audit;

    AuditedAccess(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void denied(Principal principal, String verb, String subject, String why) {
        audit.record(AuditEvent.denied(actor(principal), verb, why).with("subject", subject));
    }

    @Override
    public void authenticationFailed(String transport, TcpSource source, String why) {
        AuditEvent event = AuditEvent.authenticationFailed("", source.address(), why)
                .with("transport", transport)
                .with("port", source.port());
        audit.record(source.network().equals(source.address()) ? event : event.with("network", source.network()));
    }

    @Override
    public void certificatesTaken(String fingerprint) {
        audit.record(AuditEvent.byDaemon(AuditKind.CERTIFICATES).with("certificate", fingerprint));
    }

    @Override
    public void certificatesRefused(String why) {
        audit.record(AuditEvent.byDaemon(AuditKind.CERTIFICATES).refused(why));
    }

    private static AuditActor actor(Principal principal) {
        return principal instanceof Principal.Local local
                ? new AuditActor(
                        local.name(),
                        Integer.toUnsignedLong(local.uid()),
                        Integer.toUnsignedLong(local.gid()),
                        AuditActor.UNKNOWN)
                : AuditActor.named(principal.name());
    }
}
