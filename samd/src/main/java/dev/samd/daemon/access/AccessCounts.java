// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the decisions that go against callers, and hands them on. Thread-safe. */
public final class AccessCounts implements AccessWatcher {
    private final AccessWatcher next;
    private final AtomicLong denied = new AtomicLong();
    private final AtomicLong overQuota = new AtomicLong();
    private final AtomicLong failedAuthentications = new AtomicLong();

    /** @param next hears everything too */
    public AccessCounts(AccessWatcher next) {
        this.next = next;
    }

    @Override
    public void denied(Principal principal, String verb, String subject, String why) {
        denied.incrementAndGet();
        next.denied(principal, verb, subject, why);
    }

    @Override
    public void granted(Principal principal, String verb, String rule) {
        next.granted(principal, verb, rule);
    }

    @Override
    public void overQuota(Principal principal, String verb, String limit) {
        overQuota.incrementAndGet();
        next.overQuota(principal, verb, limit);
    }

    @Override
    public void authenticationFailed(String transport, TcpSource source, String why) {
        failedAuthentications.incrementAndGet();
        next.authenticationFailed(transport, source, why);
    }

    @Override
    public void certificatesTaken(String fingerprint) {
        next.certificatesTaken(fingerprint);
    }

    @Override
    public void certificatesRefused(String why) {
        next.certificatesRefused(why);
    }

    /** Calls that were denied since the start. */
    public long denials() {
        return denied.get();
    }

    /** Calls and items that were over a quota since the start. */
    public long overQuotas() {
        return overQuota.get();
    }

    /** Connections that could not prove whose they are since the start. */
    public long authenticationFailures() {
        return failedAuthentications.get();
    }
}
