// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.sa.Octets;
import java.util.ArrayList;
import java.util.List;

/** Walks over CBOR in deterministic encoding (RFC 8949 s4.2.1) whose shape is known. Allocates nothing on a stranger's word. */
final class CborCursor {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int OCTETS = 2;
    private static final int ARRAY = 4;
    private static final int MAP = 5;

    private final byte[] octets;
    private int at;

    CborCursor(byte[] octets) {
        this.octets = octets;
    }

    /** The octets are not what was expected. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super("malformed", null, false, false);
        }
    }

    /** The head of a map, and how many members it has. */
    int map(int least, int most) throws Malformed {
        return head(MAP, least, most);
    }

    /** The label of a member, which has to be this one. */
    CborCursor label(int label) throws Malformed {
        if (!isLabel(label)) {
            throw new Malformed();
        }
        head(label < 0 ? NEGATIVE : UNSIGNED, 0, Integer.MAX_VALUE);
        return this;
    }

    /** Whether this label is next. */
    boolean isLabel(int label) throws Malformed {
        int before = at;
        try {
            int major = at < octets.length ? (octets[at] & 0xff) >> 5 : MAP;
            return major == (label < 0 ? NEGATIVE : UNSIGNED)
                    && head(major, 0, Integer.MAX_VALUE) == (label < 0 ? -1 - label : label);
        } finally {
            at = before;
        }
    }

    Octets octets(int least, int most) throws Malformed {
        int length = head(OCTETS, least, most);
        if (length > octets.length - at) {
            throw new Malformed();
        }
        at += length;
        return Octets.of(octets, at - length, length);
    }

    int number() throws Malformed {
        return head(UNSIGNED, 0, Integer.MAX_VALUE);
    }

    List<Integer> numbers(int most) throws Malformed {
        int count = head(ARRAY, 1, most);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(number());
        }
        return numbers;
    }

    /** Everything that has not been read. */
    Octets rest() {
        return Octets.of(octets, at, octets.length - at);
    }

    /** Nothing may stand here. */
    void end() throws Malformed {
        if (at != octets.length) {
            throw new Malformed();
        }
    }

    /** A head of the shortest form. */
    private int head(int major, int least, int most) throws Malformed {
        if (at >= octets.length || (octets[at] & 0xff) >> 5 != major) {
            throw new Malformed();
        }
        int information = octets[at++] & 0x1f;
        long argument = information;
        if (information >= 24) {
            int length = 1 << (information - 24);
            if (information > 26 || length > octets.length - at) {
                throw new Malformed();
            }
            argument = 0;
            for (int i = 0; i < length; i++) {
                argument = argument << 8 | (octets[at++] & 0xff);
            }
            if (argument < (length == 1 ? 24 : 1L << (4 * length))) {
                throw new Malformed();
            }
        }
        if (argument < least || argument > most) {
            throw new Malformed();
        }
        return (int) argument;
    }
}
