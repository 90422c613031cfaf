// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

/** What keeps numbers from going back. Each can be left out, to see what it is for. */
enum Rule {
    RISE_BEFORE_USE("H1", "a mark rises before it is crossed"),
    RISE_OF_THE_CURRENT("H1", "only the holder of the present generation writes"),
    GENERATION_AT_START("H2", "a start raises the generation before the first number is used"),
    NOTE_BESIDE("H3", "a clean stop writes a note beside the marks, never into them"),
    NOTE_LAST("H3", "the note is written after the last use"),
    NOTE_WITHOUT_LEASES("H3", "no note while a lease is out"),
    NOTE_OF_THE_GENERATION_BEFORE("H3", "a note is good for the next generation alone"),
    EXTEND_OF_THE_LEASE("H4", "only the lease that is out is extended"),
    RETURN_OF_THE_LEASE("H4", "only the lease that is out is returned"),
    CHECK_AGAIN("H5", "the window is asked again after the mark has risen"),
    RISE_FOR_THE_AUTHENTIC("H5", "only an authentic record raises the accept mark"),
    UNKNOWN_IS_NOT_RAISED("H6", "a write whose outcome is unknown counts as not done"),
    LOST_IS_LOST("H7", "what was accepted stays accepted, even if its caller has gone"),
    ROLLBACK_SUSPENDS("H8", "a store that went back is noticed, and its SAs are not used"),
    ONE_HOLDER("H9", "nobody shares a number space"),
    CREATED_ONCE("I4", "the marks of a key are never created twice");

    private final String number;
    private final String words;

    Rule(String number, String words) {
        this.number = number;
        this.words = words;
    }

    @Override
    public String toString() {
        return number + ": " + words;
    }
}
