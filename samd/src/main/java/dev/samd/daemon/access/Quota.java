// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

/**
 * What one principal may take of the daemon at most. An item of a stream counts as a call.
 *
 * @param callsPerSecond calls in one second; as many at once after a pause
 * @param callsInFlight calls and items without an answer, at a time
 * @param sas SAs that it installed or reserved and that are not DEAD
 * @param larvalSas LARVAL ones among them
 * @param pendingAcquires its calls that wait for an SA, at a time
 * @param watchers its streams of {@code WatchService}, at a time
 * @param denialsPerSecond calls that are denied, in one second; beyond it all calls wait that might be
 */
public record Quota(
        int callsPerSecond,
        int callsInFlight,
        int sas,
        int larvalSas,
        int pendingAcquires,
        int watchers,
        int denialsPerSecond) {
    /** What a rule gives that says nothing else. */
    public static final Quota DEFAULT = new Quota(200_000, 8_192, 100_000, 1_024, 1_024, 16, 1_000);

    /** The bounds of the daemon alone. */
    public static final Quota UNLIMITED = new Quota(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE);
}
