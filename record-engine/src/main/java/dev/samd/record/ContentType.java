// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

/** Content types of records (RFC 5246 s6.2.1, RFC 9146 s4). */
public final class ContentType {
    /** Lowest type of a record without connection ID. */
    public static final int CHANGE_CIPHER_SPEC = 20;
    /** An alert: level and description, two octets (RFC 5246 s7.2). */
    public static final int ALERT = 21;
    /** What SAs are there for. */
    public static final int APPLICATION_DATA = 23;
    /** The outer type of every record with a connection ID. */
    public static final int TLS12_CID = 25;

    private ContentType() {}
}
