// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.events;

import dev.samd.daemon.sadb.Cursor;

/** What a subscription finds next. */
public sealed interface Delivery {
    /** Where the subscription stands afterwards. */
    Cursor cursor();

    /** The next event. */
    record Next(LoggedEvent event, Cursor cursor) implements Delivery {}

    /**
     * Events were dropped, or the cursor was of another life.
     *
     * @param count how many; 0 if that cannot be known
     */
    record Lost(long count, Cursor cursor) implements Delivery {}
}
