// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

/**
 * A process as the daemon sees it.
 *
 * @param principal the name under which its references and SAs are kept, {@code uid:1000}
 * @param uid user
 * @param gid group
 * @param pid process
 * @param transport where the name comes from; {@code unix} for kernel peer credentials
 */
public record Caller(String principal, long uid, long gid, long pid, String transport) {}
