// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Direction;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Record references as opaque octets, good for one principal, that nobody else can make or change.
 *
 * <p>{@code flags:1 | spi_length:1 | sa:8 | partner:8 | pair:8 | epoch:2 | sequence:6 | spi | tag:16}
 *
 * <p>The tag is a CBC-MAC over {@code body_length:2 | principal_length:2 | body | principal | zeros}: the lengths in front
 * make the input prefix-free, which is what CBC-MAC needs. One AES pass is a fifth of what an HMAC costs, and every message
 * has a reference.
 */
final class ReferenceCodec {
    private static final int FIXED_LENGTH = 34;
    private static final int TAG_LENGTH = 16;
    private static final int BLOCK = 16;
    private static final int OBSERVE = 1;
    private static final int OUTBOUND = 2;

    private final ThreadLocal<Cipher> cipher;

    /**
     * @param key 16 or 32 octets, copied into ciphers here; stays the caller's
     */
    ReferenceCodec(KeyMaterial key) {
        cipher = ThreadLocal.withInitial(() -> cipher(key));
    }

    private static Cipher cipher(KeyMaterial key) {
        byte[] octets = key.borrow();
        if (octets == null) {
            throw new IllegalStateException("the reference key is closed");
        }
        try {
            Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
            cbc.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(octets, "AES"), new IvParameterSpec(new byte[BLOCK]));
            return cbc;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CBC is missing from this runtime", e);
        } finally {
            key.giveBack();
        }
    }

    byte[] encode(RecordReference reference, String principal) {
        int bodyLength = FIXED_LENGTH + reference.spi().length();
        ByteBuffer out = ByteBuffer.allocate(bodyLength + TAG_LENGTH);
        int flags = (reference.observe() ? OBSERVE : 0) | (reference.direction() == Direction.OUTBOUND ? OUTBOUND : 0);
        out.put((byte) flags);
        out.put((byte) reference.spi().length());
        out.putLong(reference.sa().value());
        out.putLong(reference.partner());
        out.putLong(reference.pair().value());
        out.putLong((long) reference.epoch() << 48 | reference.sequence());
        reference.spi().copyTo(out.array(), FIXED_LENGTH);
        byte[] chain = macChain(out.array(), bodyLength, principal);
        System.arraycopy(chain, chain.length - TAG_LENGTH, out.array(), bodyLength, TAG_LENGTH);
        return out.array();
    }

    /**
     * @throws SaException {@link SaError#INVALID_REFERENCE} for what this codec did not make for this principal
     */
    RecordReference decode(byte[] octets, String principal) {
        int bodyLength = octets.length - TAG_LENGTH;
        int spiLength = bodyLength - FIXED_LENGTH;
        if (spiLength < 1 || spiLength > Spi.MAX_LENGTH || octets[1] != spiLength) {
            throw invalid(octets);
        }
        byte[] chain = macChain(octets, bodyLength, principal);
        byte[] expected = Arrays.copyOfRange(chain, chain.length - TAG_LENGTH, chain.length);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(octets, bodyLength, octets.length))) {
            throw invalid(octets);
        }
        ByteBuffer in = ByteBuffer.wrap(octets);
        int flags = in.get(0);
        long number = in.getLong(26);
        return new RecordReference(
                (flags & OUTBOUND) != 0 ? Direction.OUTBOUND : Direction.INBOUND,
                (flags & OBSERVE) != 0,
                new SaId(in.getLong(2)),
                in.getLong(10),
                new PairId(in.getLong(18)),
                (int) (number >>> 48),
                number & 0xffff_ffff_ffffL,
                Octets.of(octets, FIXED_LENGTH, spiLength));
    }

    /** The CBC chain, whose last block is the tag. */
    private byte[] macChain(byte[] body, int bodyLength, String principal) {
        byte[] name = principal.getBytes(StandardCharsets.UTF_8);
        int length = (4 + bodyLength + name.length + BLOCK - 1) / BLOCK * BLOCK;
        ByteBuffer input = ByteBuffer.allocate(length);
        input.putShort((short) bodyLength).putShort((short) name.length);
        input.put(body, 0, bodyLength).put(name);
        try {
            return cipher.get().doFinal(input.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("CBC over whole blocks failed", e);
        }
    }

    private static SaException invalid(byte[] octets) {
        String shown = HexFormat.of().formatHex(octets, 0, Math.min(octets.length, 60));
        return new SaException(
                SaError.INVALID_REFERENCE,
                shown,
                "reference " + shown + " was not given to this caller by this daemon");
    }
}
