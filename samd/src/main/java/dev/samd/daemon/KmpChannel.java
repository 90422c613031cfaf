// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.events.LoggedEvent;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.sadb.Notice;

/** Where a registered KMP hears what concerns it. Called on the thread of the database: must not block. */
public interface KmpChannel {
    /** An ACQUIRE is offered, claimed or withdrawn. */
    void tell(Notice.ToKmp notice);

    /** Something happened to an SA that the KMP made. */
    void happened(LoggedEvent event, Cursor cursor);
}
