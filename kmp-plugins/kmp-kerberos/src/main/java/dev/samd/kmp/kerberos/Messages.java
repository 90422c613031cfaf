// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import com.upokecenter.cbor.CBORObject;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * The octets of requests and answers: CBOR maps in deterministic encoding, and nothing else is read.
 *
 * <pre>
 * P1 {1: GSS initial token, 40: N1, -70001: ID1, -70003: [suite, ...], ? -70004: version, ? -70005: content}
 * P2 {1: GSS reply token,   42: N2, -70002: ID2, -70003: suite,        ? -70004: version, ? -70005: content}
 * </pre>
 */
final class Messages {
    /** Where requests are posted. */
    static final String RESOURCE = "/authz-info-krb";
    /** Content-Format application/octet-stream. */
    static final int FORMAT = 42;
    /** Octets of the longest request: tickets carry lists of groups. */
    static final int MAX_REQUEST = 16 * 1024;

    private static final int TOKEN = 1;
    private static final int N1 = 40;
    private static final int N2 = 42;
    private static final int ID1 = -70001;
    private static final int ID2 = -70002;
    private static final int SUITES = -70003;
    private static final int VERSION = -70004;
    private static final int CONTENT = -70005;
    private static final int SAMD = 0;
    private static final int MAX_SUITES = 32;
    private static final int MIN_NONCE = 8;
    private static final int MAX_NONCE = 64;
    private static final int MEMBERS = 4;

    private Messages() {}

    /**
     * P1.
     *
     * @param carried its octets
     * @param binding SHA-256 of the map without the token
     */
    record Request(
            Octets carried,
            Octets token,
            Octets n1,
            Spi id1,
            List<Integer> suites,
            Octets binding,
            boolean understood) {
        Request {
            suites = List.copyOf(suites);
        }
    }

    /** P2, with its octets. */
    record Reply(Octets carried, Octets token, Octets n2, Spi id2, int suite, boolean understood) {}

    /** What the authenticator of a request is bound to. */
    static Octets binding(Octets n1, Spi id1, List<Integer> suites) {
        return sha256(members(CBORObject.NewOrderedMap(), n1, id1, suites).EncodeToBytes());
    }

    static Octets request(Octets token, Octets n1, Spi id1, List<Integer> suites) {
        CBORObject map = CBORObject.NewOrderedMap().Add(TOKEN, token.toArray());
        return Octets.of(members(map, n1, id1, suites).EncodeToBytes());
    }

    private static CBORObject members(CBORObject map, Octets n1, Spi id1, List<Integer> suites) {
        CBORObject array = CBORObject.NewArray();
        suites.forEach(array::Add);
        return map.Add(N1, n1.toArray()).Add(ID1, id1.octets().toArray()).Add(SUITES, array);
    }

    static Octets reply(Octets token, Octets n2, Spi id2, int suite) {
        return Octets.of(CBORObject.NewOrderedMap()
                .Add(TOKEN, token.toArray())
                .Add(N2, n2.toArray())
                .Add(ID2, id2.octets().toArray())
                .Add(SUITES, suite)
                .EncodeToBytes());
    }

    /** Reads P1; empty if it is none. */
    static Optional<Request> readRequest(Octets payload) {
        CborCursor cursor = new CborCursor(payload.toArray());
        try {
            int size = cursor.map(MEMBERS, MEMBERS + 2);
            Octets token = cursor.label(TOKEN).octets(1, MAX_REQUEST);
            Octets rest = cursor.rest();
            Octets n1 = cursor.label(N1).octets(MIN_NONCE, MAX_NONCE);
            Spi id1 = new Spi(cursor.label(ID1).octets(1, MAX_NONCE));
            List<Integer> suites = cursor.label(SUITES).numbers(MAX_SUITES);
            boolean understood = understood(cursor, size);
            byte[] bound = new byte[1 + rest.length()];
            bound[0] = (byte) (0xa0 + size - 1);
            rest.copyTo(bound, 1);
            return Optional.of(new Request(payload, token, n1, id1, suites, sha256(bound), understood));
        } catch (CborCursor.Malformed | SaException e) {
            return Optional.empty();
        }
    }

    /** Reads P2; empty if it is none. */
    static Optional<Reply> readReply(Octets payload) {
        CborCursor cursor = new CborCursor(payload.toArray());
        try {
            int size = cursor.map(MEMBERS, MEMBERS + 2);
            Octets token = cursor.label(TOKEN).octets(1, MAX_REQUEST);
            Octets n2 = cursor.label(N2).octets(MIN_NONCE, MAX_NONCE);
            Spi id2 = new Spi(cursor.label(ID2).octets(1, MAX_NONCE));
            int suite = cursor.label(SUITES).number();
            return Optional.of(new Reply(payload, token, n2, id2, suite, understood(cursor, size)));
        } catch (CborCursor.Malformed | SaException e) {
            return Optional.empty();
        }
    }

    /** Reads the members that may be missing, up to the end; whether they say what their absence says. */
    private static boolean understood(CborCursor cursor, int size) throws CborCursor.Malformed {
        int left = size - MEMBERS;
        boolean understood = true;
        if (left > 0 && cursor.isLabel(VERSION)) {
            understood = cursor.label(VERSION).number() == RecordVersion.DTLS12.wire();
            left--;
        }
        if (left > 0) {
            understood &= cursor.label(CONTENT).number() == SAMD;
            left--;
        }
        if (left > 0) {
            throw new CborCursor.Malformed();
        }
        cursor.end();
        return understood;
    }

    static Octets sha256(byte[] octets) {
        try {
            return Octets.of(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }
}
