// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SaWirePropertyTest {
    @Property
    void parametersComeBackAsTheyWent(@ForAll("parameters") SaParameters parameters) {
        SaParameters back = SaWire.fromWire(SaWire.toWire(parameters));

        assertThat(back).isEqualTo(parameters);
    }

    @Property
    void parametersComeBackThroughTheirOctets(@ForAll("parameters") SaParameters parameters) throws Exception {
        byte[] octets = SaWire.toWire(parameters).toByteArray();

        assertThat(SaWire.fromWire(dev.samd.v1.SaParameters.parseFrom(octets))).isEqualTo(parameters);
    }

    @Property
    void anyMessageIsParametersOrOneRefusal(@ForAll long seed) {
        dev.samd.v1.SaParameters wire = new RandomMessage(new Random(seed)).parameters();

        try {
            assertThat(SaWire.fromWire(wire).peer().isHostWide()).isFalse();
        } catch (SaException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<SaParameters> parameters() {
        return Combinators.combine(
                        shape(),
                        spi(),
                        identity(),
                        lifetime(),
                        Arbitraries.longs().between(0, 1L << 40),
                        epoch(),
                        rights())
                .as((shape, spi, identity, lifetime, number, epoch, rights) -> new SaParameters(
                        shape.direction,
                        spi,
                        Endpoint.parse("coap://" + identity.value().length() + ".example:6000"),
                        shape.hostWide ? Endpoint.HOST_WIDE : Endpoint.parse("coaps://[2001:db8::1]"),
                        identity,
                        shape.suite,
                        RecordVersion.DTLS12,
                        epoch,
                        shape.content,
                        shape.form,
                        shape.connectionId || shape.form == Form.SAMD || shape.content == Content.PAYLOAD,
                        64 * (1 + (int) (number % 64)),
                        lifetime,
                        history(shape, number),
                        rights,
                        number.intValue()));
    }

    @Property
    void patternsComeBackAsTheyWent(@ForAll("patterns") IdentityPattern pattern) {
        assertThat(SaWire.fromWire(SaWire.toWire(pattern))).isEqualTo(pattern);
    }

    @Provide
    Arbitrary<IdentityPattern> patterns() {
        return Combinators.combine(
                        Arbitraries.strings().alpha().withChars('*').ofMaxLength(10),
                        Arbitraries.of(IdentityType.class).optional(),
                        text(10),
                        Arbitraries.of("", "*", "{host}", "x-*"))
                .as(IdentityPattern::new);
    }

    private static Arbitrary<Rights> rights() {
        Arbitrary<Rights> some = Combinators.combine(
                        text(50),
                        text(50),
                        text(50),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(64),
                        Arbitraries.longs()
                                .between(0, 1L << 33)
                                .map(second -> Instant.ofEpochSecond(second, 5))
                                .optional())
                .as((issuer, subject, scope, credential, expires) ->
                        new Rights(issuer, subject, scope, Octets.of(credential), expires));
        return Arbitraries.oneOf(Arbitraries.just(Rights.NONE), some);
    }

    /** Texts that UTF-8 can carry. */
    private static Arbitrary<String> text(int most) {
        return Arbitraries.strings().ofMaxLength(most).filter(text -> text.chars()
                .noneMatch(unit -> Character.isSurrogate((char) unit)));
    }

    private static History history(Shape shape, long number) {
        if (shape.fresh) {
            return new History.Fresh();
        }
        return shape.direction == Direction.OUTBOUND
                ? new History.ResumeSending(number)
                : new History.ResumeAccepting(number, Octets.of(new byte[(int) (number % 513)]));
    }

    private static Arbitrary<Integer> epoch() {
        return Arbitraries.integers().between(1, 0xffff);
    }

    private static Arbitrary<Shape> shape() {
        return Combinators.combine(
                        Arbitraries.of(Direction.class),
                        Arbitraries.of(CipherSuite.class),
                        Arbitraries.of(Content.class),
                        Arbitraries.of(Form.SAMD, Form.DRAFT_EXACT),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((direction, suite, content, form, connectionId, hostWide, fresh) -> new Shape(
                        direction,
                        suite,
                        content,
                        content == Content.MESSAGE ? form : Form.NONE,
                        connectionId,
                        hostWide,
                        fresh));
    }

    private static Arbitrary<Spi> spi() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(20)
                .map(octets -> {
                    octets[0] |= 1;
                    return new Spi(Octets.of(octets));
                });
    }

    private static Arbitrary<Identity> identity() {
        return Combinators.combine(
                        Arbitraries.of(IdentityType.class),
                        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(100),
                        text(100))
                .as((type, name, issuer) -> new Identity("kmp", type, issuer, name));
    }

    private static Arbitrary<Lifetime> lifetime() {
        return Combinators.combine(limits(), limits()).as(Lifetime::new);
    }

    private static Arbitrary<Limits> limits() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 1L << 31),
                        Arbitraries.integers().between(0, 999_999_999),
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        Arbitraries.longs().between(0, 1L << 20))
                .as((seconds, nanos, records, octets, failed) -> new Limits(
                        Duration.ofSeconds(seconds, nanos), Duration.ofSeconds(seconds / 2), records, octets, failed));
    }

    private record Shape(
            Direction direction,
            CipherSuite suite,
            Content content,
            Form form,
            boolean connectionId,
            boolean hostWide,
            boolean fresh) {}
}
