// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.record.Inspection;
import dev.samd.record.OpenResult;
import dev.samd.record.Opener;
import dev.samd.record.RecordView;
import dev.samd.record.SealResult;
import dev.samd.record.Sealer;
import dev.samd.record.WearListener;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Direction;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Records from somebody without the keys: only what was sealed opens, octet for octet. */
final class RecordTarget implements FuzzTarget {
    static final long NO_MARK = 1L << 48;
    static final String SOURCE = "192.0.2.1:5683";

    private final FuzzSa sa;
    private final Map<String, byte[]> sealed = new LinkedHashMap<>();
    private final Set<Octets> known = new HashSet<>();

    RecordTarget(boolean connectionId) {
        sa = FuzzSa.raw(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, connectionId);
        try (Sealer sealer = new Sealer(sa.end(Direction.OUTBOUND), NO_MARK, WearListener.NONE)) {
            keep("empty", sealer.seal(new byte[0], 0, 0, 1));
            keep("short", sealer.seal("22.5C".getBytes(StandardCharsets.US_ASCII), 0, 0, 1));
            keep("padded", sealer.seal(new byte[64], connectionId ? 32 : 0, 0, 1));
            keep("alert", sealer.sealAlert(1, 0, 0, 1));
        }
    }

    private void keep(String name, SealResult result) {
        if (!(result instanceof SealResult.Sealed record)) {
            throw new IllegalStateException(name + " was not sealed: " + result);
        }
        sealed.put(name, record.octets());
        known.add(Octets.of(record.octets()));
    }

    @Override
    public boolean run(byte[] input) {
        try (Opener opener = new Opener(sa.end(Direction.INBOUND), NO_MARK, WearListener.NONE)) {
            RecordView record = new RecordView(input);
            Inspection inspection = opener.inspect(record, SOURCE, 1);
            boolean opened = opener.open(record, SOURCE, 1) instanceof OpenResult.Opened;
            Finding.unless(opened == known.contains(Octets.of(input)), "a record opened = " + opened + " wrongly");
            Finding.unless(
                    opened == inspection.refusal().isEmpty() && opened == inspection.authentic(),
                    "inspection and opening disagree");
            return opened;
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        return sealed;
    }
}
