// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.kit.Section;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;

/** Makes the KMP from its section {@code codtls}, which docs/codtls.md describes. */
public final class CodtlsProvider implements KmpProvider {
    private static final Set<String> SECTION = Set.of("client", "server", "keys", "resumption");
    private static final Set<String> CLIENT = Set.of("peers");
    private static final Set<String> PEER = Set.of(
            "target",
            "server",
            "psk_identity",
            "psk",
            "private_key",
            "public_key",
            "certificate",
            "trusted",
            "trusted_keys",
            "revoked");
    private static final Set<String> SERVER = Set.of(
            "psk",
            "private_key",
            "public_key",
            "certificate",
            "trusted",
            "trusted_keys",
            "revoked",
            "suites",
            "lifetime",
            "unique");
    private static final Set<String> PSK = Set.of("identity", "key");

    private static final int MIN_KEY = 16;
    private static final int MAX_KEY = 64;
    private static final int DAY = 86_400;

    /** Forward secrecy first, and tags of 16 octets before those of 8. */
    private static final List<CipherSuite> DEFAULT_SUITES = List.of(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CCM,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM,
            CipherSuite.TLS_PSK_WITH_AES_256_CCM,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            CipherSuite.TLS_PSK_WITH_AES_256_CCM_8);

    @Override
    public String name() {
        return CodtlsKmp.NAME;
    }

    @Override
    public Kmp create(KmpSetup setup) {
        return create(setup, Clock.systemUTC());
    }

    /** @param clock the time at which certificates are valid */
    static Kmp create(KmpSetup setup, Clock clock) {
        return new CodtlsKmp(settings(setup, clock), setup.random());
    }

    static CodtlsSettings settings(KmpSetup setup, Clock clock) {
        Section section = Section.of(CodtlsKmp.NAME, setup.section(), setup.directory(), SECTION);
        List<CodtlsSettings.Peer> peers = section.section("client", CLIENT)
                .map(client -> client.sections("peers", PEER).stream()
                        .map(peer -> peer(peer, setup.random(), clock))
                        .toList())
                .orElse(List.of());
        CodtlsSettings settings = new CodtlsSettings(
                section.section("server", SERVER).map(server -> server(server, setup.random(), clock)),
                peers,
                keys(section),
                resumption(section));
        if (settings.server().isEmpty() && settings.peers().isEmpty()) {
            throw new KmpConfigException("codtls: neither server nor client has anything to do");
        }
        return settings;
    }

    private static CodtlsSettings.KeySource keys(Section section) {
        String text = section.textOr("keys", "exporter");
        return switch (text) {
            case "exporter" -> CodtlsSettings.KeySource.EXPORTER;
            case "key-block" -> CodtlsSettings.KeySource.KEY_BLOCK;
            default -> throw section.refused("keys", "\"" + text + "\" is neither exporter nor key-block");
        };
    }

    /** Not longer than a day, as RFC 5246 F.1.4 suggests. */
    private static Duration resumption(Section section) {
        int seconds = section.numberOr("resumption", DAY);
        if (seconds > DAY) {
            throw section.refused("resumption", seconds + "; at most " + DAY + " seconds expected");
        }
        return Duration.ofSeconds(seconds);
    }

    private static CodtlsSettings.Peer peer(Section peer, RandomGenerator random, Clock clock) {
        Endpoint target = peer.text("target", Endpoint::parse);
        Optional<Psk> psk = peer.textOr("psk_identity", "").isEmpty()
                ? Optional.empty()
                : Optional.of(new Psk(
                        peer.text("psk_identity"), Map.of(peer.text("psk_identity"), key(peer, "psk")), random));
        Credentials credentials = new Credentials(psk, own(peer), trust(peer, clock));
        if (psk.isEmpty() && credentials.trust().isEmpty()) {
            throw peer.refused("target", "neither psk_identity nor trusted or trusted_keys for " + target);
        }
        check(peer, credentials, false, credentials.fitting(DEFAULT_SUITES, false));
        return new CodtlsSettings.Peer(target, credentials, peer.textOr("server", target.host()));
    }

    private static CodtlsSettings.Server server(Section server, RandomGenerator random, Clock clock) {
        Map<String, KeyMaterial> keys = new LinkedHashMap<>();
        for (Section psk : server.sections("psk", PSK)) {
            if (keys.put(psk.text("identity"), key(psk, "key")) != null) {
                throw psk.refused("identity", "\"" + psk.text("identity") + "\" stands twice");
            }
        }
        Optional<Psk> psk = keys.isEmpty() ? Optional.empty() : Optional.of(new Psk("", keys, random));
        Credentials credentials = new Credentials(psk, own(server), trust(server, clock));
        if (credentials.own().isPresent() && credentials.trust().isEmpty()) {
            throw server.refused("trusted", "whose certificates or raw public keys are believed is not said");
        }
        List<CipherSuite> wanted = server.texts("suites", CipherSuite::parse);
        List<CipherSuite> suites = credentials.fitting(wanted.isEmpty() ? DEFAULT_SUITES : wanted, true);
        if (suites.isEmpty()) {
            throw server.refused("psk", "neither psk nor private_key, for one of the suites");
        }
        check(server, credentials, true, suites);
        int lifetime = server.numberOr("lifetime", DAY);
        if (lifetime == 0) {
            throw server.refused("lifetime", "0; at least 1 second expected");
        }
        return new CodtlsSettings.Server(
                credentials, suites, lifetime(Duration.ofSeconds(lifetime)), server.flagOr("unique", true));
    }

    private static void check(Section section, Credentials credentials, boolean server, List<CipherSuite> suites) {
        try {
            credentials.check(server, suites);
        } catch (IllegalArgumentException e) {
            throw section.refused("certificate", String.valueOf(e.getMessage()));
        }
    }

    private static Lifetime lifetime(Duration hard) {
        return new Lifetime(
                new Limits(hard.multipliedBy(4).dividedBy(5), Duration.ZERO, 0, 0, 0),
                new Limits(hard, Duration.ZERO, 0, 0, 0));
    }

    private static KeyMaterial key(Section section, String name) {
        return section.file(name, text -> {
            byte[] key;
            try {
                key = HexFormat.of().parseHex(text.strip());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("a key that is not hexadecimal");
            }
            if (key.length < MIN_KEY || key.length > MAX_KEY) {
                throw new IllegalArgumentException(
                        "a key of " + key.length + " octets; " + MIN_KEY + " to " + MAX_KEY + " expected");
            }
            return KeyMaterial.adopt(key);
        });
    }

    /** The certificate or the raw public key that this side shows. */
    private static Optional<CertificateProvider> own(Section section) {
        if (section.textOr("private_key", "").isEmpty()) {
            return Optional.empty();
        }
        PrivateKey key = section.file("private_key", Pem::privateKey);
        if (section.textOr("certificate", "").isEmpty()) {
            PublicKey own = section.file("public_key", Pem::publicKey);
            return Optional.of(new SingleCertificateProvider(key, own));
        }
        List<X509Certificate> chain = section.file("certificate", Pem::certificates);
        return Optional.of(
                new SingleCertificateProvider(key, chain.toArray(new X509Certificate[0]), CertificateType.X_509));
    }

    private static Optional<Trust> trust(Section section, Clock clock) {
        Set<X509Certificate> anchors = new LinkedHashSet<>();
        if (!section.textOr("trusted", "").isEmpty()) {
            anchors.addAll(section.file("trusted", Pem::certificates));
        }
        List<CRL> revoked = new ArrayList<>();
        if (!section.textOr("revoked", "").isEmpty()) {
            revoked.addAll(section.file("revoked", Pem::revocationLists));
        }
        Set<PublicKey> rawKeys = new LinkedHashSet<>();
        if (!section.textOr("trusted_keys", "").isEmpty()) {
            String all = section.file("trusted_keys", text -> text);
            Arrays.stream(all.split("(?<=-----END PUBLIC KEY-----)"))
                    .filter(each -> !each.isBlank())
                    .forEach(each -> {
                        try {
                            rawKeys.add(Pem.publicKey(each));
                        } catch (IllegalArgumentException e) {
                            throw section.refused("trusted_keys", String.valueOf(e.getMessage()));
                        }
                    });
        }
        return anchors.isEmpty() && rawKeys.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trust(anchors, revoked, rawKeys, clock));
    }
}
