// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import static org.assertj.core.api.Assertions.assertThat;

import com.upokecenter.cbor.CBORObject;
import dev.samd.kmp.Answer;
import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.TokenVerdict;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.exception.ConnectorException;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEndpointTest {
    @TempDir
    private Path directory;

    private AsConfig config;
    private TokenEndpoint endpoint;

    @BeforeEach
    void server() throws IOException {
        config = AsConfig.read(AsFiles.write(directory));
        endpoint = new TokenEndpoint(config, new TokenIssuer(config, new Random(1)));
    }

    @Test
    void tokenAndKeyFitEachOther() {
        Answer answer = ask("psk-1", "a20563727331096472656164");

        assertThat(answer.code()).isEqualTo(Answer.CREATED);
        CBORObject map = CBORObject.DecodeFromBytes(answer.payload().toArray());
        assertThat(map.get(CBORObject.FromObject(2)).AsInt32()).isEqualTo(600);
        assertThat(map.get(CBORObject.FromObject(9)).AsString()).isEqualTo("read");
        assertThat(map.get(CBORObject.FromObject(38)).AsInt32()).isEqualTo(-70010);
        Octets token = Octets.of(map.get(CBORObject.FromObject(1)).GetByteString());
        AccessToken claims = ((TokenVerdict.Accepted) Tokens.verifier().verify(Tokens.NOW, token)).token();
        byte[] key = map.get(CBORObject.FromObject(8))
                .get(CBORObject.FromObject(1))
                .get(CBORObject.FromObject(-1))
                .GetByteString();
        assertThat(Tokens.shown(claims.key())).isEqualTo(Octets.of(key));
        assertThat(claims.salt())
                .isEqualTo(Octets.of(map.get(CBORObject.FromObject(-70011)).GetByteString()));
    }

    @ParameterizedTest
    @CsvSource({
        "psk-2, a10563727331, 129, 2", // nobody of that name
        "psk-1, a105637273 32, 128, 4", // not this audience
        "psk-1, a0, 128, 4",
        "psk-1, a1050 1, 128, 4", // an audience that is no text
        "psk-1, a205637273310963 6f776e, 128, 6", // not this scope
        "psk-1, a2056372733118186178, 129, 2", // the name of somebody else
        "psk-1, a205637273311821 00, 128, 5", // by password
        "psk-1, a2056372733104a0, 128, 7", // with no key that can be
        "psk-1, a20563727331 04a101a10104, 128, 7", // with a key of its own
        "psk-1, a20563727331 04a1034161, 128, 7", // with a key that was never issued
        "psk-1, a20563727331 04a10340, 128, 7",
        "psk-1, a20563727331 04a1036161, 128, 7",
        "psk-1, a20563727331 04a203416104f5, 128, 7",
        "psk-1, a205637273311826 01, 128, 8", // for another profile
        "psk-1, 80, 128, 1",
        "psk-1, 5f, 128, 1"
    })
    void requestIsDenied(String identity, String hex, int code, int error) {
        Answer answer = ask(identity, hex.replace(" ", ""));

        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.payload().toHex()).isEqualTo("a1181e0" + error);
    }

    @Test
    void nextTokenMayHaveTheSameKey() {
        CBORObject first = map(ask("psk-1", "a20563727331096472656164"));
        Octets keyId = keyId(first);

        CBORObject next = map(ask("psk-1", "a30563727331096a7265616420777269746504a10350" + keyId.toHex()));

        assertThat(key(next)).isEqualTo(key(first));
        assertThat(keyId(next)).isEqualTo(keyId);
        assertThat(next.get(CBORObject.FromObject(9)).AsString()).isEqualTo("read write");
        AccessToken claims = claims(next);
        assertThat(claims.scope()).isEqualTo("read write");
        assertThat(Tokens.shown(claims.key())).isEqualTo(key(first));
        assertThat(claims.id()).isNotEqualTo(claims(first).id());
        assertThat(claims.salt()).isNotEqualTo(claims(first).salt());
    }

    @Test
    void keyOfATokenThatHasEndedIsForgotten() {
        String again = "a2056372733104a10350"
                + keyId(map(ask("psk-1", "a10563727331"))).toHex();
        String later = "a2056372733104a10350"
                + keyId(map(endpoint.answer(Tokens.NOW.plusSeconds(300), "psk-1", 19, Octets.ofHex("a10563727331"))))
                        .toHex();

        assertThat(endpoint.answer(Tokens.NOW.plusSeconds(599), "psk-1", 19, Octets.ofHex(again))
                        .code())
                .as("which makes it live on")
                .isEqualTo(Answer.CREATED);
        assertThat(endpoint.answer(Tokens.NOW.plusSeconds(901), "psk-1", 19, Octets.ofHex(later))
                        .code())
                .isEqualTo(Answer.BAD_REQUEST);
        assertThat(endpoint.answer(Tokens.NOW.plusSeconds(901), "psk-1", 19, Octets.ofHex(again))
                        .code())
                .isEqualTo(Answer.CREATED);
    }

    @Test
    void keyIsForItsOwnAudienceOnly() {
        IssuedKeys keys = new IssuedKeys();
        AccessToken token = Tokens.valid();
        keys.issued(Tokens.NOW, token);

        assertThat(keys.find(Tokens.NOW, token.keyId(), "device-1", "rs1"))
                .hasValueSatisfying(key -> assertThat(Tokens.shown(key)).isEqualTo(Tokens.POP_KEY));
        assertThat(keys.find(Tokens.NOW, token.keyId(), "device-1", "rs2")).isEmpty();
        assertThat(keys.find(Tokens.NOW, token.keyId(), "device-2", "rs1")).isEmpty();
        assertThat(keys.find(Tokens.NOW, Octets.ofHex("00"), "device-1", "rs1")).isEmpty();
        assertThat(keys.find(Tokens.NOW.plusSeconds(3600), token.keyId(), "device-1", "rs1"))
                .isEmpty();
    }

    @Test
    void keysThatAreRememberedAreBounded() {
        IssuedKeys keys = new IssuedKeys();
        for (int i = 0; i < 10_001; i++) {
            keys.issued(Tokens.NOW, named(i));
        }

        assertThat(keys.find(Tokens.NOW, named(0).keyId(), "device-1", "rs1")).isEmpty();
        assertThat(keys.find(Tokens.NOW, named(1).keyId(), "device-1", "rs1")).isPresent();
        assertThat(keys.find(Tokens.NOW, named(10_000).keyId(), "device-1", "rs1"))
                .isPresent();
    }

    @Test
    void otherFormatsAndLongRequestsAreRefused() {
        assertThat(endpoint.answer(Tokens.NOW, "psk-1", 50, Octets.EMPTY).code())
                .isEqualTo(Answer.UNSUPPORTED_FORMAT);
        assertThat(endpoint.answer(Tokens.NOW, "psk-1", 19, Octets.of(new byte[1025]))
                        .code())
                .isEqualTo(Answer.TOO_LARGE);
    }

    @Test
    void tokenIsServedOverDtls() throws IOException, ConnectorException {
        try (TokenServerSocket socket = TokenServerSocket.open(config, endpoint, Clock.systemUTC())) {
            Configuration settings = new Configuration();
            CoapConfig.register();
            DtlsConfig.register();
            settings.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
            CoapEndpoint local = CoapEndpoint.builder()
                    .setConfiguration(settings)
                    .setConnector(new DTLSConnector(DtlsConnectorConfig.builder(settings)
                            .setAdvancedPskStore(new AdvancedSinglePskStore(
                                    "psk-1", Octets.ofHex(AsFiles.PSK).toArray()))
                            .build()))
                    .build();
            CoapClient client = new CoapClient(socket.uri() + "/token");
            client.setEndpoint(local);

            CoapResponse response = client.post(Octets.ofHex("a10563727331").toArray(), 19);

            assertThat(response).isNotNull();
            assertThat(response.getCode().value).isEqualTo(Answer.CREATED);
            assertThat(response.getOptions().getContentFormat()).isEqualTo(19);
            local.destroy();
        }
    }

    private Answer ask(String identity, String hex) {
        return endpoint.answer(Tokens.NOW, identity, 19, Octets.ofHex(hex));
    }

    private static AccessToken named(int number) {
        AccessToken token = Tokens.valid();
        return new AccessToken(
                token.issuer(),
                token.subject(),
                token.audience(),
                token.expires(),
                token.notBefore(),
                token.issuedAt(),
                token.expiresIn(),
                token.id(),
                token.scope(),
                token.salt(),
                Octets.ofHex(String.format("%08x", number)),
                token.key());
    }

    private static CBORObject map(Answer answer) {
        assertThat(answer.code()).isEqualTo(Answer.CREATED);
        return CBORObject.DecodeFromBytes(answer.payload().toArray());
    }

    private static CBORObject coseKey(CBORObject map) {
        return map.get(CBORObject.FromObject(8)).get(CBORObject.FromObject(1));
    }

    private static Octets key(CBORObject map) {
        return Octets.of(coseKey(map).get(CBORObject.FromObject(-1)).GetByteString());
    }

    private static Octets keyId(CBORObject map) {
        return Octets.of(coseKey(map).get(CBORObject.FromObject(2)).GetByteString());
    }

    private static AccessToken claims(CBORObject map) {
        Octets token = Octets.of(map.get(CBORObject.FromObject(1)).GetByteString());
        return ((TokenVerdict.Accepted) Tokens.verifier().verify(Tokens.NOW, token)).token();
    }
}
