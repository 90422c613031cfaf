// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.time.Duration;

/**
 * Where messages wait for the daemon. There are several, so that those who wait long, or come for nothing, take no place of
 * the others. Thread-safe.
 *
 * @param requests for requests of the program, which may wait for a whole negotiation
 * @param others for responses of the program, and for protected messages that came
 * @param strangers for requests that came in clear, which anybody can send
 */
record Rooms(ParkedCalls requests, ParkedCalls others, ParkedCalls strangers) {
    private static final int MAX_STRANGERS = 256;

    static Rooms of(SamdOptions options) {
        int places = options.maxParked();
        return new Rooms(
                room(places, options.acquireTimeout()),
                room(places, options.callTimeout()),
                room(Math.min(places, MAX_STRANGERS), options.callTimeout()));
    }

    private static ParkedCalls room(int places, Duration timeout) {
        return new ParkedCalls(places, timeout.toNanos());
    }

    /** Gives up the calls whose time is over. */
    void sweep(long nowNanos) {
        requests.sweep(nowNanos);
        others.sweep(nowNanos);
        strangers.sweep(nowNanos);
    }

    /** Ends all calls, and every later one. */
    void close() {
        requests.close();
        others.close();
        strangers.close();
    }
}
