// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * What an SA was used for before its present holder took it over: where its numbers go on, and how much of its limits is
 * used up.
 *
 * @param history where the numbers go on
 * @param records sealed, or accepted
 * @param octets of plaintext sealed, or accepted
 * @param failedOpenings that reached the AEAD and failed
 * @param firstUsedNanos monotonic time of the first use, or {@link Usage#NEVER}
 * @param lastUsedNanos monotonic time of the last use, or {@link Usage#NEVER}
 */
public record Past(
        History history, long records, long octets, long failedOpenings, long firstUsedNanos, long lastUsedNanos) {
    /** Of an SA without keys. */
    public static final Past NOTHING = new Past(History.FRESH, 0, 0, 0, Usage.NEVER, Usage.NEVER);

    /** Of an SA that is new here: what its installer states about the key. */
    public static Past of(SaParameters parameters) {
        return new Past(parameters.history(), 0, 0, 0, Usage.NEVER, Usage.NEVER);
    }
}
