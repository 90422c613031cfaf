// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.record.OpenResult;
import dev.samd.record.Opener;
import dev.samd.record.RecordView;
import dev.samd.record.WearListener;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Direction;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Records from a peer that has the keys and keeps to no rule behind them: the input is the plaintext, with content, type and
 * padding. Sealed here by RFC 9146 and the JDK alone.
 */
final class RecordContentTarget implements FuzzTarget {
    private static final int CID_TYPE = 25;
    private static final int VERSION = 0xfefd;
    private static final int TAG = 16;
    private static final int EXPLICIT = 8;
    private static final int MAX_PLAINTEXT = 1 << 14;
    private static final int APPLICATION_DATA = 23;
    private static final int ALERT = 21;

    private final FuzzSa sa = FuzzSa.raw(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256, true);

    @Override
    public boolean run(byte[] input) throws GeneralSecurityException {
        try (Opener opener = new Opener(sa.end(Direction.INBOUND), RecordTarget.NO_MARK, WearListener.NONE)) {
            OpenResult result = opener.open(new RecordView(sealed(input)), RecordTarget.SOURCE, 1);
            int type = input.length - 1;
            while (type >= 0 && input[type] == 0) {
                type--;
            }
            boolean good = type >= 0
                    && input.length <= MAX_PLAINTEXT
                    && (input[type] == APPLICATION_DATA || input[type] == ALERT);
            boolean right = result instanceof OpenResult.Opened opened
                    ? good && Arrays.equals(opened.plaintext(), Arrays.copyOf(input, type))
                    : !good;
            Finding.unless(right, "content read wrongly: " + result);
            return good;
        }
    }

    private byte[] sealed(byte[] plaintext) throws GeneralSecurityException {
        byte[] cid = sa.end(Direction.INBOUND).parameters().spi().octets().toArray();
        long number = (long) FuzzSa.EPOCH << 48 | 5;
        ByteBuffer aad = ByteBuffer.allocate(23 + cid.length)
                .putLong(-1)
                .put((byte) CID_TYPE)
                .put((byte) cid.length)
                .put((byte) CID_TYPE)
                .putShort((short) VERSION)
                .putLong(number)
                .put(cid)
                .putShort((short) plaintext.length);
        byte[] nonce = ByteBuffer.allocate(12).put(sa.iv()).putLong(number).array();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(sa.key(), "AES"), new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(aad.array());
        byte[] ciphertext = cipher.doFinal(plaintext);
        return ByteBuffer.allocate(13 + cid.length + EXPLICIT + ciphertext.length)
                .put((byte) CID_TYPE)
                .putShort((short) VERSION)
                .putLong(number)
                .put(cid)
                .putShort((short) (EXPLICIT + ciphertext.length))
                .putLong(number)
                .put(ciphertext)
                .array();
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("content", new byte[] {1, 2, 3, APPLICATION_DATA});
        seeds.put("padded", new byte[] {1, APPLICATION_DATA, 0, 0, 0});
        seeds.put("alert", new byte[] {1, 0, ALERT});
        byte[] longest = new byte[MAX_PLAINTEXT];
        longest[0] = APPLICATION_DATA;
        seeds.put("longest", longest);
        return seeds;
    }
}
