// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

/**
 * How much of strangers is looked at.
 *
 * @param perSecond requests a second of one source, on average
 * @param burst requests of one source at once
 * @param sources sources that are remembered
 * @param allPerSecond requests a second of all sources together
 * @param allBurst requests of all sources at once
 * @param echo when a source has to show that it receives at its address
 * @param calmPerSecond requests a second up to which {@link EchoUse#LOAD} asks for nothing
 */
public record StrangerLimits(
        int perSecond, int burst, int sources, int allPerSecond, int allBurst, EchoUse echo, int calmPerSecond) {
    /** Ten a second of one source, five hundred of all. */
    public static final StrangerLimits DEFAULT = new StrangerLimits(10, 20, 4096, 500, 1000, EchoUse.LOAD, 100);

    /** When Echo (RFC 9175) is asked for. */
    public enum EchoUse {
        /** Of everybody, always. */
        ALWAYS,
        /** While many requests arrive. */
        LOAD,
        /** Never. */
        NEVER
    }

    /** The same limits with another use of Echo. */
    public StrangerLimits withEcho(EchoUse use) {
        return new StrangerLimits(perSecond, burst, sources, allPerSecond, allBurst, use, calmPerSecond);
    }
}
