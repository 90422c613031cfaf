// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import java.time.Duration;

/** Is told what a driver does, for a log or a counter. Called on the driver's thread; nothing it is told is secret. */
public interface DriverObserver {
    /** The registration stands, and the pairs of earlier runs are recalled. */
    void registered(String kmp, int recalledPairs);

    /** The registration is over; the next trial comes after a while. */
    void disconnected(String kmp, String reason, Duration retryAfter);

    /** A run begins: "acquire 7 for coap://device-1", or "request from 192.0.2.1:5683". */
    void began(String kmp, String run);

    /** A run ended. */
    void ended(String kmp, String run, String outcome);

    /**
     * A request was refused before any run began, and the KMP says why. Strangers can cause it as often as they may ask.
     *
     * @param source the transport address that it came from
     * @param code of the answer, as on the wire
     */
    void refused(String kmp, String source, int code, String reason);

    /** A defect of the KMP: it threw, or broke the contract of its interface. */
    void fault(String kmp, RuntimeException defect);
}
