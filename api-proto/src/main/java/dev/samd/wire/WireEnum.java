// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import com.google.protobuf.ProtocolMessageEnum;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One enum of the domain and its twin in the .proto files, constant by constant. Immutable.
 *
 * <p>Twins have equal names behind the prefix that the .proto files need; that every constant has its twin is checked when
 * the object is made. The number 0 stands for an absent field and belongs to no constant, unless the domain has a word for
 * that.
 *
 * @param <D> the enum of the domain
 * @param <W> the enum of the wire
 */
public final class WireEnum<D extends Enum<D>, W extends Enum<W> & ProtocolMessageEnum> {
    private static final String UNRECOGNIZED = "UNRECOGNIZED";

    private final Map<D, W> toWire;
    private final Map<Integer, D> toDomain = new HashMap<>();

    /**
     * Joins two enums.
     *
     * @param prefix what the names of the wire begin with
     * @param absent the word of the domain for number 0, or {@code null} if it has none
     * @throws IllegalStateException if a constant has no twin
     */
    public WireEnum(Class<D> domain, Class<W> wire, String prefix, @Nullable D absent) {
        toWire = new EnumMap<>(domain);
        Map<String, D> byName = new HashMap<>();
        for (D constant : domain.getEnumConstants()) {
            byName.put(prefix + constant.name(), constant);
        }
        for (W constant : wire.getEnumConstants()) {
            if (constant.name().equals(UNRECOGNIZED)) {
                continue;
            }
            D twin = constant.getNumber() == 0 ? absent : byName.get(constant.name());
            if (twin != null) {
                toWire.put(twin, constant);
                toDomain.put(constant.getNumber(), twin);
            } else if (constant.getNumber() != 0) {
                throw new IllegalStateException(
                        wire.getName() + "." + constant + " has no twin in " + domain.getName());
            }
        }
        if (toWire.size() != byName.size()) {
            throw new IllegalStateException(domain.getName() + " has constants that " + wire.getName() + " has not");
        }
    }

    /** The constant on the wire. */
    public W toWire(D constant) {
        W twin = toWire.get(constant);
        if (twin == null) {
            throw new IllegalStateException(constant + " has no twin");
        }
        return twin;
    }

    /** The constant of a number, if this version knows it and it is not the number of an absent field. */
    public Optional<D> find(int number) {
        return Optional.ofNullable(toDomain.get(number));
    }

    /**
     * The constant of a required field.
     *
     * @param field name of the field, for the message
     * @throws SaException {@link SaError#MALFORMED} if the number is absent or unknown
     */
    public D fromWire(String field, int number) {
        D constant = toDomain.get(number);
        if (constant == null) {
            throw new SaException(
                    SaError.MALFORMED,
                    Integer.toString(number),
                    number == 0 ? field + " is missing" : field + " has the unknown value " + number);
        }
        return constant;
    }

    /**
     * The constant of an optional field.
     *
     * @param absent what an absent field stands for
     * @throws SaException {@link SaError#MALFORMED} if the number is unknown
     */
    public D fromWire(String field, int number, D absent) {
        return number == 0 ? absent : fromWire(field, number);
    }
}
