// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapVectors.finish;
import static dev.samd.coap.CoapVectors.outer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What goes through protector and unprotector is what was there before, as far as it may pass. */
class SplitMergePropertyTest {
    private static final byte[] RECORD = {0x19};

    /** Uri-Host and Uri-Port are put in by hand, since they may not be repeated; the rest is refused or dropped. */
    private static final Set<Integer> NOT_ARBITRARY = Set.of(
            CoapOption.URI_HOST,
            CoapOption.URI_PORT,
            CoapOption.OBSERVE,
            CoapOption.OSCORE,
            CoapOption.HOP_LIMIT,
            CoapOption.EDHOC,
            CoapOption.PROXY_URI,
            CoapOption.PROXY_SCHEME,
            CoapOption.CONTENT_FORMAT,
            65_025,
            65_029);

    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);
    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    private static Arbitrary<CoapMessage> messages(Arbitrary<Integer> codes) {
        Arbitrary<Integer> numbers = CoapMessages.optionNumbers().filter(number -> !NOT_ARBITRARY.contains(number));
        return CoapMessages.messages(codes, numbers);
    }

    @Provide
    Arbitrary<CoapMessage> requests() {
        return messages(Arbitraries.integers().between(0x01, 0x1f));
    }

    @Provide
    Arbitrary<CoapMessage> responses() {
        return messages(Arbitraries.integers().between(0x40, 0xbf).filter(CoapCode::isResponse));
    }

    @Provide
    Arbitrary<CoapMessage> payloadRequests() {
        return messages(Arbitraries.of(2, 3, 5, 6, 7));
    }

    @Provide
    Arbitrary<RecBind> bindings() {
        return CoapMessages.octets(20).map(spi -> new RecBind(0xfedc, 0xba9876543210L, spi));
    }

    @Provide
    Arbitrary<List<CoapOption>> addresses() {
        Arbitrary<CoapOption> host = CoapMessages.octets(60)
                .filter(octets -> !octets.isEmpty())
                .map(octets -> new CoapOption(CoapOption.URI_HOST, octets));
        Arbitrary<CoapOption> port = CoapMessages.octets(2).map(octets -> new CoapOption(CoapOption.URI_PORT, octets));
        return Arbitraries.oneOf(
                Arbitraries.of(List.of(List.of())),
                host.map(List::of),
                port.map(List::of),
                Combinators.combine(host, port).as((h, p) -> List.of(h, p)));
    }

    @Property
    void requestsComeBackWhole(
            @ForAll("requests") CoapMessage message,
            @ForAll("addresses") List<CoapOption> address,
            @ForAll boolean samd,
            @ForAll boolean observe) {
        CoapMessage original = withAll(message, address);
        if (observe) {
            original = CoapMessages.with(original, CoapOption.ofUint(CoapOption.OBSERVE, 0));
        }

        Unprotection result =
                throughMessage(original, samd ? Form.SAMD : Form.DRAFT_EXACT, null, ExpectedBinding.NONE, false);

        assertThat(((Rebuilt) result).octets()).isEqualTo(original.toOctets());
        assertThat(((Rebuilt) result).observes()).isEqualTo(observe);
    }

    @Property
    void responsesComeBackWhole(
            @ForAll("responses") CoapMessage original,
            @ForAll("bindings") RecBind binding,
            @ForAll boolean samd,
            @ForAll boolean observing) {
        Unprotection result = throughMessage(
                original,
                samd ? Form.SAMD : Form.DRAFT_EXACT,
                binding,
                ExpectedBinding.exactly(binding, observing),
                observing);

        assertThat(((Rebuilt) result).octets()).isEqualTo(original.toOctets());
    }

    @Property
    void notificationsComeBackWithAnEmptyObserve(
            @ForAll("responses") CoapMessage message, @ForAll("bindings") RecBind binding) {
        CoapMessage original = CoapMessages.with(message, CoapOption.ofUint(CoapOption.OBSERVE, 0x1234));
        CoapMessage expected = CoapMessages.with(message, CoapMessages.empty(CoapOption.OBSERVE));

        Unprotection result =
                throughMessage(original, Form.SAMD, binding, ExpectedBinding.exactly(binding, true), true);

        assertThat(((Rebuilt) result).octets()).isEqualTo(expected.toOctets());
        assertThat(((Rebuilt) result).observes()).isTrue();
    }

    @Property
    void payloadsComeBackWhole(
            @ForAll("payloadRequests") CoapMessage message, @ForAll("addresses") List<CoapOption> address) {
        CoapMessage original = withAll(message, address);

        PreparedMessage prepared = protector.prepare(original, Content.PAYLOAD, Form.NONE, null, false);
        Unprotection result = unprotector.rebuild(
                outer(finish(prepared, RECORD)),
                prepared.plaintext(),
                Content.PAYLOAD,
                Form.NONE,
                ExpectedBinding.NONE);

        assertThat(((Rebuilt) result).octets()).isEqualTo(original.toOctets());
    }

    @Property(tries = 200)
    void nothingOfTheInsideIsSeenOutside(@ForAll("requests") CoapMessage original) {
        PreparedMessage prepared = protector.prepare(original, Content.MESSAGE, Form.SAMD, null, false);

        List<CoapOption> outside = CoapMessage.parse(finish(prepared, RECORD)).options();

        assertThat(outside)
                .filteredOn(option -> option.number() != CoapOption.NO_RESPONSE)
                .containsExactly(new CoapOption(65_025, Octets.EMPTY));
    }

    private static CoapMessage withAll(CoapMessage message, List<CoapOption> options) {
        CoapMessage all = message;
        for (CoapOption option : options) {
            all = CoapMessages.with(all, option);
        }
        return all;
    }

    private Unprotection throughMessage(
            CoapMessage original, Form form, RecBind binding, ExpectedBinding expected, boolean answersObserve) {
        PreparedMessage prepared = protector.prepare(original, Content.MESSAGE, form, binding, answersObserve);
        return unprotector.rebuild(
                outer(finish(prepared, RECORD)), prepared.plaintext(), Content.MESSAGE, form, expected);
    }
}
