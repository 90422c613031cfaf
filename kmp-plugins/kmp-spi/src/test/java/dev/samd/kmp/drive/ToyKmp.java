// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A KMP of one shared secret, two requests and no merit: "hello" asks for a nonce, {@code nonce:8 | own nonce:8 | SPI:4 | MAC:8}
 * for a pair, and the answer is {@code nonce:8 | SPI:4 | MAC:8}.
 */
public final class ToyKmp implements Kmp {
    /** Its one resource. */
    public static final String RESOURCE = "/toy";
    /** Content-Format of everything it sends. */
    public static final int FORMAT = 42;
    /** Asks for a nonce. */
    public static final Octets HELLO = Octets.of("hello".getBytes(StandardCharsets.US_ASCII));
    /** The one suite of its SAs. */
    public static final CipherSuite SUITE = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
    /** The responder. */
    public static final Endpoint PEER = Endpoint.parse("coap://toy-server");

    private static final int CONTENT = 0x45;

    final List<PairId> recalled = new ArrayList<>();
    final List<PairEvent> happened = new ArrayList<>();
    private final RandomGenerator random;
    private final Octets nonce;

    /** @param random for its nonces */
    public ToyKmp(RandomGenerator random) {
        this.random = random;
        this.nonce = octets(8);
    }

    /** A need of SAs with {@link #PEER}. */
    public static Need need(int sequence) {
        return new Need(
                sequence,
                Endpoint.HOST_WIDE,
                PEER,
                Optional.empty(),
                Content.MESSAGE,
                Form.SAMD,
                List.of(SUITE),
                List.of(),
                PairId.NONE,
                Lifetime.UNLIMITED,
                128,
                0);
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public String probePath() {
        return RESOURCE;
    }

    @Override
    public List<String> resources() {
        return List.of(RESOURCE);
    }

    @Override
    public Negotiation initiate(Need need) {
        return new Asking(need);
    }

    @Override
    public Screening screen(Instant now, Incoming request) {
        if (request.code() != 2) {
            return new Screening.Answered(Answer.of(Answer.METHOD_NOT_ALLOWED));
        }
        if (request.contentFormat() != FORMAT) {
            return new Screening.Answered(Answer.of(Answer.UNSUPPORTED_FORMAT));
        }
        if (request.payload().equals(HELLO)) {
            return new Screening.Answered(new Answer(CONTENT, FORMAT, nonce));
        }
        byte[] octets = request.payload().toArray();
        if (octets.length != 28 || !Octets.of(octets, 0, 8).equals(nonce)) {
            return new Screening.Answered(Answer.of(Answer.BAD_REQUEST));
        }
        if (!MessageDigest.isEqual(mac(octets, 20), Arrays.copyOfRange(octets, 20, 28))) {
            return new Screening.Answered(Answer.of(Answer.UNAUTHORIZED));
        }
        return new Screening.Admitted(new Answering(request));
    }

    @Override
    public void recalled(Instant now, List<InstalledPair> pairs) {
        pairs.forEach(pair -> {
            recalled.add(pair.id());
            pair.kmpPrivate().close();
        });
    }

    @Override
    public void happened(Instant now, PairEvent event) {
        happened.add(event);
    }

    private Octets octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Octets.of(octets);
    }

    private static byte[] mac(byte[] octets, int length) {
        return Arrays.copyOf(hash((byte) 0, Arrays.copyOf(octets, length)), 8);
    }

    private static byte[] hash(byte label, byte[] octets) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(new byte[] {'t', 'o', 'y'}, "HmacSHA256"));
            mac.update(label);
            return mac.doFinal(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Octets join(Octets... parts) {
        StringBuilder hex = new StringBuilder();
        Arrays.stream(parts).forEach(part -> hex.append(part.toHex()));
        return Octets.ofHex(hex.toString());
    }

    private static Octets withMac(Octets octets) {
        return join(octets, Octets.of(mac(octets.toArray(), octets.length())));
    }

    private static TrafficKeys keys(byte label, Octets post, Octets answer) {
        byte[] block = hash(label, join(post, answer).toArray());
        return new TrafficKeys(
                KeyMaterial.adopt(Arrays.copyOf(block, 16)), KeyMaterial.adopt(Arrays.copyOfRange(block, 16, 20)));
    }

    private static SaParameters sa(Direction direction, Spi spi, Endpoint peer, Endpoint local) {
        return new SaParameters(
                direction,
                spi,
                peer,
                local,
                new Identity("toy", IdentityType.PSK, "", peer.uri()),
                SUITE,
                RecordVersion.DTLS12,
                1,
                Content.MESSAGE,
                Form.SAMD,
                true,
                128,
                Lifetime.UNLIMITED,
                History.FRESH,
                Rights.NONE,
                0);
    }

    /** What both sides do in the same way. */
    private abstract static class Base implements Negotiation {
        @Override
        public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
            throw new IllegalStateException("nothing was asked");
        }

        @Override
        public List<KmpOutput> onSilence(Instant now, int exchange) {
            return failed(110, "no answer to request " + exchange);
        }

        @Override
        public List<KmpOutput> onTimer(Instant now, String timer) {
            return failed(110, timer);
        }

        @Override
        public List<KmpOutput> onRefused(Instant now, SaException refusal) {
            return failed(refusal.error().errno(), "the daemon refuses: " + refusal.error());
        }

        @Override
        public void abandon() {}

        static List<KmpOutput> failed(int errno, String reason) {
            return List.of(new KmpOutput.Failed(errno, reason));
        }
    }

    private final class Asking extends Base {
        private final Need need;
        private @Nullable Spi spi;
        private Octets post = Octets.EMPTY;

        Asking(Need need) {
            this.need = need;
        }

        @Override
        public List<KmpOutput> start(Instant now) {
            return List.of(
                    new KmpOutput.SetTimer("patience", Duration.ofSeconds(200)),
                    new KmpOutput.ReserveSpi(need.target(), need.local()));
        }

        @Override
        public List<KmpOutput> onReserved(Instant now, Spi reserved) {
            spi = reserved;
            return List.of(new KmpOutput.Progress("hello"), send(0, HELLO));
        }

        @Override
        public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
            if (!answer.isSuccess() || spi == null) {
                return failed(13, "answered " + answer.code());
            }
            if (exchange == 0) {
                if (answer.payload().length() != 8) {
                    return failed(71, "a nonce of " + answer.payload().length() + " octets");
                }
                post = withMac(join(answer.payload(), octets(8), spi.octets()));
                return List.of(new KmpOutput.Progress("post"), send(1, post));
            }
            byte[] octets = answer.payload().toArray();
            if (octets.length != 20 || !MessageDigest.isEqual(mac(octets, 12), Arrays.copyOfRange(octets, 12, 20))) {
                return failed(71, "an answer that is none");
            }
            return List.of(new KmpOutput.Install(new KeyedPair(
                    sa(Direction.INBOUND, spi, need.target(), need.local()),
                    keys((byte) 2, post, answer.payload()),
                    sa(Direction.OUTBOUND, new Spi(Octets.of(octets, 8, 4)), need.target(), need.local()),
                    keys((byte) 1, post, answer.payload()),
                    need.replaces(),
                    PairRole.INITIATOR,
                    true,
                    KeyMaterial.adopt(new byte[] {7}))));
        }

        @Override
        public List<KmpOutput> onInstalled(Instant now, PairId pair) {
            return List.of(new KmpOutput.Done());
        }

        private KmpOutput.Send send(int exchange, Octets payload) {
            return new KmpOutput.Send(
                    exchange,
                    new Outgoing(need.target(), need.via(), RESOURCE, FORMAT, FORMAT, payload, Optional.empty()));
        }
    }

    private final class Answering extends Base {
        private final Incoming request;
        private final Endpoint peer = Endpoint.parse("coap://toy-client");
        private Octets answer = Octets.EMPTY;

        Answering(Incoming request) {
            this.request = request;
        }

        @Override
        public List<KmpOutput> start(Instant now) {
            return List.of(new KmpOutput.ReserveSpi(peer, request.local()));
        }

        @Override
        public List<KmpOutput> onReserved(Instant now, Spi spi) {
            answer = withMac(join(octets(8), spi.octets()));
            Octets post = request.payload();
            return List.of(new KmpOutput.Install(new KeyedPair(
                    sa(Direction.INBOUND, spi, peer, request.local()),
                    keys((byte) 1, post, answer),
                    sa(Direction.OUTBOUND, new Spi(Octets.of(post.toArray(), 16, 4)), peer, request.local()),
                    keys((byte) 2, post, answer),
                    PairId.NONE,
                    PairRole.RESPONDER,
                    true,
                    KeyMaterial.adopt(new byte[0]))));
        }

        @Override
        public List<KmpOutput> onInstalled(Instant now, PairId pair) {
            return List.of(new KmpOutput.Reply(new Answer(Answer.CREATED, FORMAT, answer)), new KmpOutput.Done());
        }
    }
}
