// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.daemon.SamdConfigTarget;
import dev.samd.daemon.store.StoredRowsTarget;
import dev.samd.engine.EchoValueTarget;
import dev.samd.fuzz.Budget.Threads;
import dev.samd.kmp.ace.AcePostTarget;
import dev.samd.kmp.ace.PairSecretTarget;
import dev.samd.kmp.ace.as.AsConfigTarget;
import dev.samd.kmp.ace.as.TokenRequestTarget;
import dev.samd.kmp.drive.StrangersTarget;
import dev.samd.kmp.host.HostConfigTarget;
import dev.samd.kmp.host.TransportTarget;
import dev.samd.kmp.kerberos.KerberosMessagesTarget;
import dev.samd.kmp.kerberos.KerberosTokenTarget;
import dev.samd.kmp.less.LessMessagesTarget;
import dev.samd.samctl.PolicyFileTarget;
import java.util.List;

/** All decoders of the project, in the order in which an input reaches them. */
final class Decoders {
    /** The list. A new decoder is a line here, a class, and its seeds. */
    static final List<Decoder> ALL = List.of(
            new Decoder("record-cid", 512, Budget.of(8192, 16), () -> new RecordTarget(true)),
            new Decoder("record-plain", 512, Budget.of(8192, 16), () -> new RecordTarget(false)),
            new Decoder("record-content", 20_000, Budget.of(65_536, 16), RecordContentTarget::new),
            new Decoder("coap-message", 2048, Budget.of(524_288, 512), CoapMessageTarget::new),
            new Decoder("inner-message", 2048, Budget.of(98_304, 128), InnerMessageTarget::new),
            new Decoder("unprotect", 2048, Budget.of(131_072, 128), UnprotectTarget::new),
            new Decoder("record-reference", 512, Budget.of(65_536, 64), ReferenceTarget::new),
            new Decoder("echo-value", 128, Budget.of(16_384, 16), EchoValueTarget::new),
            new Decoder("names", 512, Budget.of(262_144, 256), NamesTarget::new),
            new Decoder("token", 9000, Budget.of(196_608, 128), TokenTarget::new),
            new Decoder("token-claims", 4096, Budget.of(262_144, 128), TokenClaimsTarget::new),
            new Decoder("ace-post", 4096, Budget.of(131_072, 128), AcePostTarget::new),
            new Decoder("ace-conversation", 2048, Budget.of(262_144, 256), () -> Conversations.ace(false)),
            new Decoder("ace-rekey", 2048, Budget.of(393_216, 256), () -> Conversations.ace(true)),
            new Decoder("ace-pair-secret", 512, Budget.of(65_536, 128), PairSecretTarget::new),
            new Decoder("ace-token-request", 1200, Budget.of(131_072, 128), TokenRequestTarget::new),
            new Decoder("ace-as-config", 4096, Budget.of(262_144, 2048), AsConfigTarget::new),
            new Decoder("less-messages", 512, Budget.of(131_072, 64), LessMessagesTarget::new),
            new Decoder("less-conversation", 1024, Budget.of(196_608, 256), Conversations::less),
            new Decoder("codtls-conversation", 4096, Budget.of(786_432, 512), Conversations::codtls),
            new Decoder("kerberos-messages", 2048, Budget.of(65_536, 64), KerberosMessagesTarget::new),
            new Decoder("kerberos-token", 2048, Budget.of(1_048_576, 1024), KerberosTokenTarget::new),
            new Decoder("kmpd-transport", 2048, Budget.of(65_536, 256), TransportTarget::new),
            new Decoder("kmpd-strangers", 256, Budget.of(32_768, 128), StrangersTarget::new),
            new Decoder("kmpd-config", 4096, Budget.of(262_144, 2048), HostConfigTarget::new),
            new Decoder("samd-config", 4096, Budget.of(262_144, 2048), SamdConfigTarget::new),
            new Decoder("stored-rows", 2048, Budget.of(131_072, 256), StoredRowsTarget::new),
            new Decoder("grpc", 4096, new Budget(8_388_608, 1024, Threads.ALL), GrpcTarget::new),
            new Decoder("samctl-policies", 4096, Budget.of(262_144, 2048), PolicyFileTarget::new));

    private Decoders() {}

    /** @throws IllegalArgumentException naming what there is */
    static Decoder named(String name) {
        return ALL.stream()
                .filter(decoder -> decoder.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no decoder \"" + name + "\"; there are "
                        + ALL.stream().map(Decoder::name).toList()));
    }
}
