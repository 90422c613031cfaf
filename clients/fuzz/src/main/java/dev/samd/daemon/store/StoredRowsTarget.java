// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import com.google.protobuf.ByteString;
import dev.samd.daemon.sadb.AnswerImage;
import dev.samd.daemon.sadb.KeyImage;
import dev.samd.daemon.sadb.SaImage;
import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.RecordVersion;
import dev.samd.store.v1.AnswerRow;
import dev.samd.store.v1.KeyRow;
import dev.samd.store.v1.PairRow;
import dev.samd.store.v1.SaRow;
import dev.samd.v1.Direction;
import dev.samd.v1.Fresh;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/** Rows of the store, once they are opened: read and come back as the same, or damaged. The first octet chooses the kind. */
public final class StoredRowsTarget implements FuzzTarget {
    private static final byte[] PRINT = new byte[16];

    private final RowCodec codec = new RowCodec(new StoreClock(0, 0, 0, 0));

    @Override
    public boolean run(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        byte[] row = Arrays.copyOfRange(input, 1, input.length);
        try {
            switch (input[0] & 3) {
                case 0 -> {
                    SaImage sa = codec.sa(1, row);
                    same(sa, codec.sa(1, codec.sa(sa)));
                }
                case 1 -> pair(row);
                case 2 -> {
                    KeyImage key = RowCodec.key(PRINT, row);
                    same(key, RowCodec.key(PRINT, RowCodec.key(key)));
                }
                default -> {
                    AnswerImage answer = RowCodec.answer(row);
                    same(answer, RowCodec.answer(RowCodec.answer(answer)));
                }
            }
        } catch (DamagedRowException e) {
            return false;
        }
        return true;
    }

    private void pair(byte[] row) throws DamagedRowException {
        KeptPair pair = codec.pair(1, row);
        try (KeyMaterial secret = pair.kmpPrivate()) {
            KeptPair again = codec.pair(1, codec.pair(pair.image(), secret));
            same(pair.image(), again.image());
            try (KeyMaterial same = again.kmpPrivate()) {
                Finding.unless(same.sameAs(secret), "the secret of a pair comes back as another");
            }
        }
    }

    private static void same(Object read, Object again) {
        Finding.unless(read.equals(again), "a row comes back as another");
    }

    @Override
    public Map<String, byte[]> seeds() {
        byte[] sa = SaRow.newBuilder()
                .setRevision(7)
                .setState(SaState.SA_STATE_MATURE)
                .setSpi(ByteString.copyFrom(new byte[] {1, 2, 3, 4}))
                .setPeer("coap://device-1")
                .setParameters(SaParameters.newBuilder()
                        .setDirection(Direction.DIRECTION_INBOUND)
                        .setSpi(ByteString.copyFrom(new byte[] {1, 2, 3, 4}))
                        .setPeer("coap://device-1")
                        .setSuite(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8.code())
                        .setEpoch(1)
                        .setFresh(Fresh.getDefaultInstance()))
                .setKeyPrint(ByteString.copyFrom(PRINT))
                .setOwner("uid:0")
                .build()
                .toByteArray();
        byte[] pair = PairRow.newBuilder()
                .setName("a")
                .addPredecessors(1)
                .setLineage(1)
                .setKmpPrivate(ByteString.copyFrom(new byte[8]))
                .build()
                .toByteArray();
        byte[] key = KeyRow.newBuilder()
                .setSuite(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8.code())
                .setVersion(RecordVersion.DTLS12.wire())
                .setEpoch(1)
                .setIvPrint(ByteString.copyFrom(PRINT))
                .setSending("coap://device-1")
                .setSendMark(1024)
                .build()
                .toByteArray();
        byte[] answer = AnswerRow.newBuilder()
                .setRevision(7)
                .setPrincipal("uid:0")
                .setRequestId(ByteString.copyFrom(new byte[8]))
                .setContentPrint(ByteString.copyFrom(PRINT))
                .setFirst(1)
                .build()
                .toByteArray();
        return Map.of("sa", kind(0, sa), "pair", kind(1, pair), "key", kind(2, key), "answer", kind(3, answer));
    }

    private static byte[] kind(int kind, byte[] row) {
        return ByteBuffer.allocate(1 + row.length).put((byte) kind).put(row).array();
    }
}
