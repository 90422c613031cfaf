// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.coap.CoapMessage;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An SA that is not the caller's looks like one that does not exist, and is not worn by him. */
class CallerRightsTest {
    private static final Endpoint OWN = Endpoint.parse("coap://own");
    private static final String OTHER = "coap://other";
    private static final Endpoint TARGET = Endpoint.parse("coap://example.com");
    private static final CallerRights OF_OWN = (direction, local) -> local.equals(OWN);

    private final Host client = new Host();
    private final Host server = new Host();
    private final Host empty = new Host();

    private static UnprotectCall arriving(byte[] coap, byte[] reference, CallerRights rights) {
        return new UnprotectCall(
                "uid:1", coap, Endpoint.parse(OTHER), "192.0.2.1:5683", reference, Endpoint.HOST_WIDE, rights);
    }

    private static ProtectCall leaving(byte[] coap, byte[] reference, CallerRights rights) {
        return new ProtectCall("uid:1", coap, Endpoint.parse(OTHER), Endpoint.HOST_WIDE, reference, rights);
    }

    @Test
    void recordsOfAForeignSaAreUnknownAndCountNothing() {
        Sas.out("2b01").peer(OTHER).install(client.engine, 1);
        Sas.in("2b01").local(OTHER).install(server.engine, 1);
        byte[] record = client.protect(Host.get("other", "a")).coap();
        byte[] forged = record.clone();
        forged[forged.length - 1] ^= 1;

        for (byte[] coap : List.of(record, record, forged)) {
            UnprotectCall foreign = arriving(coap, Host.NO_REFERENCE, OF_OWN);

            assertThat(server.engine.unprotect(foreign, 0)).isEqualTo(empty.engine.unprotect(foreign, 0));
        }
        assertThat(server.engine.usage(new SaId(1))).map(Usage::discarded).hasValueSatisfying(none -> assertThat(none)
                .isEmpty());
        assertThat(server.engine.usage(new SaId(1))).map(Usage::failedOpenings).hasValue(0L);
        // The window has not moved either: it is still good for the one whose it is.
        assertThat(server.engine.unprotect(arriving(record, Host.NO_REFERENCE, CallerRights.ALL), 0))
                .isInstanceOf(Unprotected.class);
    }

    @Test
    void aForeignSaIsNotChosenAndNotMentioned() {
        Sas.out("2b01").local(OTHER).install(client.engine, 1);
        ProtectCall foreign = leaving(Host.get("example.com", "a"), Host.NO_REFERENCE, OF_OWN);

        SaException here = catchThrowableOfType(SaException.class, () -> client.engine.protect(foreign, 0));
        SaException there = catchThrowableOfType(SaException.class, () -> empty.engine.protect(foreign, 0));

        assertSame(here, there);
        assertThat(client.engine.usage(new SaId(1))).map(Usage::used).hasValue(false);
    }

    @Test
    void aForeignSaStandsInNoExplanation() {
        Sas.out("2b01").local(OTHER).install(client.engine, 1);
        Endpoint other = Endpoint.parse(OTHER);
        CoapMessage request = CoapMessage.parse(Host.get("example.com", "a"));

        assertThat(client.engine.explainProtect(other, TARGET, request, OF_OWN).candidates())
                .isEmpty();
        assertThat(client.engine
                        .explainProtect(other, TARGET, request, CallerRights.ALL)
                        .candidates())
                .hasSize(1);
    }

    @Test
    void whoMayOnlyUnprotectCannotAnswer() {
        CallerRights unprotectOnly = (direction, local) -> direction == Direction.INBOUND;
        Sas.out("2b01").peer(OTHER).keys(1).install(client.engine, 1);
        Sas.in("2b01").local(OTHER).keys(1).pair(9).install(server.engine, 1);
        Sas.out("2c01").local(OTHER).keys(2).pair(9).install(server.engine, 2);
        Unprotected request = (Unprotected) server.engine.unprotect(
                arriving(client.protect(Host.get("other", "a")).coap(), Host.NO_REFERENCE, unprotectOnly), 0);
        byte[] answer = Host.response(0x45, "hi");

        SaException refused = catchThrowableOfType(
                SaException.class, () -> server.engine.protect(leaving(answer, request.reference(), unprotectOnly), 0));

        server.engine.retire(new SaId(2));
        SaException gone = catchThrowableOfType(
                SaException.class,
                () -> server.engine.protect(leaving(answer, request.reference(), CallerRights.ALL), 0));
        assertSame(refused, gone);
    }

    @Test
    void rawRecordsOfAForeignSaAreNeitherSealedNorOpened() {
        Sas.out("2b01").content(Content.RAW, Form.NONE).local(OTHER).keys(1).install(client.engine, 1);
        Sas.in("2b01").content(Content.RAW, Form.NONE).local(OTHER).keys(1).install(server.engine, 1);
        Endpoint other = Endpoint.parse(OTHER);
        SealCall foreign = new SealCall(new SaId(1), other, new byte[] {1}, 0, OF_OWN);
        SealedRecord sealed = (SealedRecord) client.engine.seal(new SealCall(new SaId(1), other, new byte[] {1}, 0), 0);
        OpenCall opening = new OpenCall(sealed.octets(), other, "", Endpoint.HOST_WIDE, OF_OWN);

        assertSame(
                catchThrowableOfType(SaException.class, () -> client.engine.seal(foreign, 0)),
                catchThrowableOfType(SaException.class, () -> empty.engine.seal(foreign, 0)));
        assertThat(server.engine.open(opening, 0))
                .isEqualTo(empty.engine.open(opening, 0))
                .isInstanceOfSatisfying(
                        Discarded.class, why -> assertThat(why.reason()).isEqualTo(DiscardReason.NO_SUCH_SA));
        assertThat(server.engine.usage(new SaId(1))).map(Usage::used).hasValue(false);
    }

    private static void assertSame(SaException one, SaException other) {
        assertThat(one).hasSameClassAs(other).hasMessage(other.getMessage());
        assertThat(one.error()).isEqualTo(other.error());
        assertThat(one.subject()).isEqualTo(other.subject());
    }
}
