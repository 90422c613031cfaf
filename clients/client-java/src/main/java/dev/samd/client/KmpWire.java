// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaException;
import dev.samd.v1.Acquire;
import dev.samd.v1.KmpServiceRecallResponse;
import dev.samd.v1.KmpServiceRegisterResponse.Supported;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** What the daemon says to KMPs. */
final class KmpWire {
    private KmpWire() {}

    /**
     * An acquire.
     *
     * @throws SaException if the daemon sends what this version does not understand
     */
    static AcquireRequest acquire(Acquire wire) {
        Content content = SaWire.CONTENT.fromWire("content", wire.getContentValue(), Content.MESSAGE);
        Form form = SaWire.FORM.fromWire("form", wire.getFormValue());
        return new AcquireRequest(
                wire.getSequence(),
                FieldWire.endpoint("local", wire.getLocal()),
                FieldWire.peer("target", wire.getTarget()),
                wire.getVia().isEmpty() ? Optional.empty() : Optional.of(Endpoint.parse(wire.getVia())),
                content,
                form == Form.NONE && content == Content.MESSAGE ? Form.SAMD : form,
                known(wire.getSuitesList(), CipherSuite::ofCode),
                wire.getAcceptableIdentitiesList().stream()
                        .map(SaWire::fromWire)
                        .toList(),
                EntryWire.pair(wire.getReplaces()),
                SaWire.fromWire(wire.getLifetime()),
                wire.getWindow(),
                wire.getReqid(),
                FieldWire.duration("patience", wire.getPatience()));
    }

    static KmpSupport support(Supported wire) {
        return new KmpSupport(
                known(wire.getSuitesList(), CipherSuite::ofCode),
                known(wire.getVersionsList(), RecordVersion::ofWire),
                wire.getMaxSpiLength(),
                wire.getMaxRecord());
    }

    /**
     * A pair with what its KMP gave along.
     *
     * @throws SaException if the daemon sends what this version does not understand
     */
    static RecalledPair pair(KmpServiceRecallResponse.InstalledPair wire) {
        PairId id = EntryWire.pair(wire.getPairId());
        SaEntry inbound = EntryWire.entry(wire.getInbound());
        SaEntry outbound = EntryWire.entry(wire.getOutbound());
        // Last, so that a failure before leaves no secret without an owner.
        return new RecalledPair(
                id, inbound, outbound, KeyMaterial.adopt(wire.getKmpPrivate().toByteArray()));
    }

    /** A daemon of a later version may offer more than this one knows. */
    private static <T> List<T> known(List<Integer> numbers, IntFunction<T> reading) {
        return numbers.stream()
                .flatMap(number -> {
                    try {
                        return Optional.of(reading.apply(number)).stream();
                    } catch (SaException e) {
                        return Optional.<T>empty().stream();
                    }
                })
                .toList();
    }
}
