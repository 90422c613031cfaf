// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

/**
 * A point in the history of one life of the database.
 *
 * @param incarnation random per life, so that a cursor of another life is never silently valid
 * @param revision counts changes, from 1; 0 is before the first
 */
public record Cursor(long incarnation, long revision) {}
