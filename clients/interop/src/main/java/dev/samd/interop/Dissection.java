// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What Wireshark's {@code tshark} sees in the sessions: handshakes of other makes, and the records of samd among them. */
final class Dissection {
    private static final String DECRYPTED = "a record of samd";

    private Dissection() {}

    /**
     * Looks at each capture without and with the pre-shared key.
     *
     * @return a table in Markdown
     */
    static List<String> of(Path directory, Map<CipherSuite, Capture> captures)
            throws IOException, InterruptedException {
        List<String> table = new ArrayList<>();
        table.add("| suite | records of application data | decrypted with the key |");
        table.add("|---|---|---|");
        for (Map.Entry<CipherSuite, Capture> each : captures.entrySet()) {
            Path file = directory.resolve(each.getKey().codeHex() + ".pcap");
            each.getValue().write(file);
            long records = tshark(file, "-Y", "dtls.record.content_type == 23", "-T", "fields", "-e", "frame.number")
                    .lines()
                    .count();
            table.add("| " + each.getKey().aead() + " | " + records + " | " + decrypted(file) + " |");
        }
        return table;
    }

    /**
     * The same for sessions with connection IDs, in each of which samd and its peer have sent a record.
     *
     * @return a table in Markdown
     */
    static List<String> identified(Path directory, Map<CipherSuite, Capture> captures)
            throws IOException, InterruptedException {
        List<String> table = new ArrayList<>();
        table.add("| suite | records of type 25 | to samd | to its peer | decrypted with the key |");
        table.add("|---|---|---|---|---|");
        for (Map.Entry<CipherSuite, Capture> each : captures.entrySet()) {
            Path file = directory.resolve(each.getKey().codeHex() + "-cid.pcap");
            each.getValue().write(file);
            List<String> ids = tshark(
                            file,
                            "-Y",
                            "dtls.record.special_type == 25",
                            "-T",
                            "fields",
                            "-e",
                            "dtls.record.connection_id")
                    .lines()
                    .toList();
            table.add("| " + each.getKey().aead() + " | " + ids.size() + " | "
                    + Collections.frequency(ids, IdentifiedSession.own(each.getKey())) + " | "
                    + Collections.frequency(ids, IdentifiedSession.theirs(each.getKey())) + " | " + decrypted(file)
                    + " |");
        }
        return table;
    }

    private static String decrypted(Path file) throws IOException, InterruptedException {
        String psk = HexFormat.of().formatHex(Handshake.PSK);
        return tshark(file, "-o", "dtls.psk:" + psk, "-x").contains(DECRYPTED) ? "yes" : "no";
    }

    private static String tshark(Path file, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("tshark", "-r", file.toString(), "--enable-heuristic", "dtls_udp", "-n"));
        command.addAll(List.of(arguments));
        return new String(Program.run(new byte[0], command), StandardCharsets.ISO_8859_1);
    }
}
