// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.time.Duration;

/**
 * How long things last that nobody else sets a limit to.
 *
 * @param larval a LARVAL SA that answers no ACQUIRE
 * @param accept how long a KMP may look at an ACQUIRE before it accepts
 * @param progress how long a claim lasts without progress
 * @param work how long a claim lasts in all
 * @param holdDownFirst how long nothing is asked for again after a first failure
 * @param holdDownMost the same after many
 * @param responder how long a responder's pair waits for its confirmation
 * @param initiator how long an initiator's pair waits for it, before the pair it supersedes is kept instead
 * @param overlap how long a superseded pair lives on
 * @param softEarlierPermille how much earlier soft limits of time may come, by chance, in thousandths
 */
public record Timings(
        Duration larval,
        Duration accept,
        Duration progress,
        Duration work,
        Duration holdDownFirst,
        Duration holdDownMost,
        Duration responder,
        Duration initiator,
        Duration overlap,
        int softEarlierPermille) {
    /** MAX_TRANSMIT_WAIT (RFC 7252 s4.8.2): one confirmable message alone may take that long. */
    private static final Duration MAX_TRANSMIT_WAIT = Duration.ofSeconds(93);

    /** Long enough for a KMP on a host under load. One that has died is noticed by its stream, not by this. */
    private static final Duration ACCEPT = Duration.ofSeconds(5);

    /** For a host on a network as RFC 7252 s4.8 takes it to be. */
    public static final Timings DEFAULT = new Timings(
            Duration.ofSeconds(30),
            ACCEPT,
            Duration.ofSeconds(30),
            Duration.ofSeconds(247),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            MAX_TRANSMIT_WAIT,
            MAX_TRANSMIT_WAIT.multipliedBy(2),
            100);

    /** The same with another overlap. */
    public Timings withOverlap(Duration other) {
        return new Timings(
                larval,
                accept,
                progress,
                work,
                holdDownFirst,
                holdDownMost,
                responder,
                initiator,
                other,
                softEarlierPermille);
    }

    /** The same with soft limits exactly as stated. */
    public Timings withoutChance() {
        return new Timings(
                larval, accept, progress, work, holdDownFirst, holdDownMost, responder, initiator, overlap, 0);
    }
}
