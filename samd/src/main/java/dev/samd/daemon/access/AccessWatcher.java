// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

/**
 * Hears of the decisions about access. Called on the threads of the calls: must not block. What a caller can cause by each
 * message comes here too, so whoever writes it down bounds it.
 */
public interface AccessWatcher {
    /** Hears nothing. */
    AccessWatcher NONE = new AccessWatcher() {};

    /**
     * A caller may not do what it asked for.
     *
     * @param principal who
     * @param verb the call, {@code SadbService/Delete}
     * @param subject what it was about; may be empty
     * @param why in a sentence
     */
    default void denied(Principal principal, String verb, String subject, String why) {}

    /** A caller may make a call that changes something. Whether it succeeds is not known yet. */
    default void granted(Principal principal, String verb, String rule) {}

    /** A caller wants more than its quota. */
    default void overQuota(Principal principal, String verb, String limit) {}

    /**
     * Somebody could not prove who it is.
     *
     * @param transport {@code tls}
     * @param source where from
     * @param why in a few words
     */
    default void authenticationFailed(String transport, TcpSource source, String why) {}

    /**
     * The daemon shows another certificate, or holds clients against other files.
     *
     * @param fingerprint SHA-256 of its certificate, in hexadecimal
     */
    default void certificatesTaken(String fingerprint) {}

    /** Files changed to what makes no server; the daemon goes on with those before. */
    default void certificatesRefused(String why) {}
}
