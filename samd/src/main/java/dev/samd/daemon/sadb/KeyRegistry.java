// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.History;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Recognises keys by their octets, so that a key that comes back comes back above its numbers. Survives DELETE and FLUSH:
 * what a key has been used for belongs to the key and not to its SA.
 *
 * <ul>
 *   <li>A print is HMAC-SHA-256 under a secret of the database over the key octets alone: two suites may share key stream.
 *   <li>A known key needs the same suite, version, IV and epoch, and numbers at or above its mark; nobody shares a number
 *       space, so a key that an SA uses now is refused in that direction.
 *   <li>Both directions of one local endpoint with one key would be a reflection: refused. Both ends of an SA at two
 *       local endpoints of this daemon are allowed.
 * </ul>
 *
 * Confined to its database's thread.
 */
final class KeyRegistry {
    private static final String ALGORITHM = "HmacSHA256";

    private final HashedRefs<KeyRecord> records = new HashedRefs<>();
    private final Mac mac;
    private final int capacity;

    /** @param printKey that prints are made with; closed here */
    KeyRegistry(KeyMaterial printKey, int capacity) {
        this.capacity = capacity;
        byte[] secret = printKey.borrow();
        if (secret == null) {
            throw new IllegalStateException("the key of the registry is closed");
        }
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no " + ALGORITHM, e);
        } finally {
            printKey.giveBack();
            printKey.close();
        }
    }

    /** Knows a key again. */
    void restore(KeyImage image) {
        records.add(image.print().hashCode(), new KeyRecord(image));
    }

    /** The record of a key, or null if it is not known. */
    @Nullable
    KeyRecord find(KeyPrint print) {
        return records.find(print.hashCode(), record -> record.has(print));
    }

    /** The record of a key that is known. */
    KeyRecord known(KeyPrint print) {
        KeyRecord record = find(print);
        if (record == null) {
            throw new IllegalStateException("an SA whose key was not kept");
        }
        return record;
    }

    /** A print of what a request asks for. */
    KeyPrint print(String text) {
        return KeyPrint.of(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Checks an installation, and changes nothing yet.
     *
     * @throws SaException {@link SaError#KEY_REUSED}
     */
    Claim check(SaParameters parameters, Prints prints) {
        KeyPrint print = prints.key();
        KeyPrint ivPrint = prints.iv();
        KeyRecord known = find(print);
        if (known == null) {
            if (records.size() >= capacity) {
                throw new SaException(
                        SaError.TOO_MANY, Integer.toString(capacity), "the registry holds its " + capacity + " keys");
            }
            KeyRecord record =
                    new KeyRecord(print, parameters.suite(), parameters.version(), parameters.epoch(), ivPrint);
            return new Claim(print, record, parameters);
        }
        if (!known.fits(parameters.suite(), parameters.version(), parameters.epoch(), ivPrint)) {
            throw reused(parameters, "was used before with another suite, version, IV or epoch");
        }
        Direction direction = parameters.direction();
        if (known.isHeld(direction)) {
            throw reused(parameters, "is in use by another SA of this direction");
        }
        Direction other = direction == Direction.INBOUND ? Direction.OUTBOUND : Direction.INBOUND;
        if (known.local(other).filter(at -> overlap(at, parameters.local())).isPresent()) {
            throw reused(parameters, "was used before in the other direction of the same local endpoint");
        }
        long start = lowestNumber(parameters);
        long mark = known.mark(direction);
        if (start < mark) {
            throw reused(parameters, "was used before; numbers from " + mark + " on are free, stated was " + start);
        }
        return new Claim(print, known, parameters);
    }

    /** Refuses two SAs of one installation that are one key in both directions of one local endpoint. */
    static void checkTogether(Claim first, Claim second) {
        if (first.print.equals(second.print)
                && first.parameters.direction() != second.parameters.direction()
                && overlap(first.parameters.local(), second.parameters.local())) {
            throw reused(second.parameters, "is the key of the other direction of the same local endpoint");
        }
    }

    /** Enters a checked installation: the key is held, and its numbers are reserved up to {@code block} behind the first. */
    KeyRecord enter(Claim claim, long block) {
        KeyRecord known = find(claim.print);
        KeyRecord record = known == null ? claim.record : known;
        if (known == null) {
            records.add(claim.print.hashCode(), record);
        }
        SaParameters parameters = claim.parameters;
        record.hold(
                parameters.direction(), parameters.local(), parameters.history().next(), block);
        return record;
    }

    /** The lowest number that an SA may still use: what it seals first, or the lowest that it would accept. */
    static long lowestNumber(SaParameters parameters) {
        History history = parameters.history();
        if (history instanceof History.ResumeSending resume) {
            return resume.nextSequence();
        }
        if (history instanceof History.ResumeAccepting resume) {
            Octets bitmap = resume.bitmap();
            int bits = Math.min(bitmap.length() * 8, parameters.window());
            for (int i = bits - 1; i > 0; i--) {
                if ((bitmap.at(i / 8) >> i % 8 & 1) == 0 && resume.edge() - i >= 0) {
                    return resume.edge() - i;
                }
            }
            return resume.edge() + 1;
        }
        return 0;
    }

    /** The prints of the keys of one SA, which tell that two are the same and nothing else. */
    Prints prints(TrafficKeys keys) {
        return new Prints(print(keys.key()), print(keys.iv()));
    }

    /** A print of secret octets, which tells that two are the same and nothing else. */
    KeyPrint print(KeyMaterial secret) {
        byte[] octets = secret.borrow();
        if (octets == null) {
            throw new IllegalStateException("key material is closed");
        }
        try {
            return KeyPrint.of(mac.doFinal(octets));
        } finally {
            secret.giveBack();
        }
    }

    private static boolean overlap(Endpoint a, Endpoint b) {
        return a.isHostWide() || b.isHostWide() || a.equals(b);
    }

    private static SaException reused(SaParameters parameters, String why) {
        String name =
                (parameters.direction() == Direction.INBOUND ? "inbound" : "outbound") + " SPI " + parameters.spi();
        return new SaException(SaError.KEY_REUSED, parameters.spi().toString(), "the key of " + name + " " + why);
    }

    /**
     * An installation that the registry would accept.
     *
     * @param print of the key
     * @param record what is known of the key, or will be
     * @param parameters the SA
     */
    record Claim(KeyPrint print, KeyRecord record, SaParameters parameters) {}

    /** Prints of key and IV. */
    record Prints(KeyPrint key, KeyPrint iv) {
        String text() {
            return key.hex() + '|' + iv.hex();
        }
    }
}
