// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.util.List;

/**
 * The database as it was at one revision.
 *
 * @param cursor the revision: a watch from here gives each later change once
 * @param entries the SAs that were asked for, by id
 */
public record Snapshot(Cursor cursor, List<SadbEntry> entries) {}
