// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.cose;

import com.upokecenter.cbor.CBOREncodeOptions;
import com.upokecenter.cbor.CBORException;
import com.upokecenter.cbor.CBORObject;
import java.util.Optional;

/**
 * Reads CBOR that strangers wrote. One item and nothing behind it, definite lengths, no key twice, at most 16 levels and 512
 * items: all of it is checked before anything is allocated.
 */
public final class StrictCbor {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_ITEMS = 512;
    private static final CBOREncodeOptions STRICT =
            new CBOREncodeOptions("allowduplicatekeys=false;resolvereferences=false;allowempty=false");

    private final byte[] octets;
    private int at;
    private int items;

    private StrictCbor(byte[] octets) {
        this.octets = octets;
    }

    /** The item, or empty if the octets are not exactly one within the bounds. */
    public static Optional<CBORObject> decode(byte[] octets) {
        StrictCbor walk = new StrictCbor(octets);
        if (!walk.item(0) || walk.at != octets.length) {
            return Optional.empty();
        }
        try {
            return Optional.of(CBORObject.DecodeFromBytes(octets, STRICT));
        } catch (CBORException e) {
            return Optional.empty(); // a key twice, a text that is not UTF-8, a number in a tag that asks for a text
        }
    }

    private boolean item(int depth) {
        if (depth > MAX_DEPTH || ++items > MAX_ITEMS || at >= octets.length) {
            return false;
        }
        int head = octets[at++] & 0xff;
        int major = head >> 5;
        long argument = argument(head & 0x1f);
        if (argument < 0) {
            return false;
        }
        return switch (major) {
            case 2, 3 -> skip(argument);
            case 4 -> items(depth, argument);
            case 5 -> argument <= MAX_ITEMS && items(depth, 2 * argument);
            case 6 -> item(depth + 1);
            default -> true; // a number, a simple value or a float: the argument is all of it
        };
    }

    private boolean skip(long length) {
        if (length > octets.length - at) {
            return false;
        }
        at += (int) length;
        return true;
    }

    private boolean items(int depth, long count) {
        if (count > octets.length - at) {
            return false; // every item has an octet at least
        }
        for (long i = 0; i < count; i++) {
            if (!item(depth + 1)) {
                return false;
            }
        }
        return true;
    }

    /** The argument of a head, or -1 for an indefinite length, a reserved form, the end of the octets, or 2^63 and more. */
    private long argument(int information) {
        if (information < 24) {
            return information;
        }
        if (information > 27) {
            return -1;
        }
        int length = 1 << (information - 24);
        if (length > octets.length - at) {
            return -1;
        }
        long argument = 0;
        for (int i = 0; i < length; i++) {
            argument = argument << 8 | (octets[at++] & 0xff);
        }
        return argument;
    }
}
