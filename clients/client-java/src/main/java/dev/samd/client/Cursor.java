// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

/**
 * A point in the history of one life of the SA database.
 *
 * @param incarnation random per life of the database, 64 bits: a cursor of another life is never silently valid
 * @param revision counts changes, from 1
 */
public record Cursor(long incarnation, long revision) {
    static Cursor of(dev.samd.v1.Cursor wire) {
        return new Cursor(wire.getIncarnation(), wire.getRevision());
    }

    dev.samd.v1.Cursor toWire() {
        return dev.samd.v1.Cursor.newBuilder()
                .setIncarnation(incarnation)
                .setRevision(revision)
                .build();
    }

    @Override
    public String toString() {
        return Long.toHexString(incarnation) + "/" + revision;
    }
}
