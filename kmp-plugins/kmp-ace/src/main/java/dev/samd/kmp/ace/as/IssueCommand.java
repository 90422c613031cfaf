// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.kmp.ace.token.AccessToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ace-as issue}: a token and its key as files, and how kmpd is told of them. */
@Command(name = "issue", description = "Writes a token and its key, and prints the entry for kmpd.")
final class IssueCommand implements Callable<Integer> {
    private final Clock clock;
    private final RandomGenerator random;

    @Option(names = "--config", required = true, description = "File of the authorization server.")
    private Path config = Path.of("");

    @Option(names = "--client", required = true, description = "Whom the token is for.")
    private String client = "";

    @Option(names = "--audience", required = true, description = "Which resource server it is to be shown to.")
    private String audience = "";

    @Option(names = "--scope", description = "What it allows; all that the client may have if it is left out.")
    private String scope = "";

    @Option(names = "--format", description = "cwt or jwt; as the resource server has it if it is left out.")
    private String format = "";

    @Option(names = "--target", description = "Name of the resource server as a peer; coap://AUDIENCE if left out.")
    private String target = "";

    @Option(names = "--out", required = true, description = "Directory of the two files.")
    private Path out = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // set before the call
    private CommandSpec spec;

    IssueCommand(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Integer call() throws IOException {
        TokenIssuer issuer = new TokenIssuer(AsConfig.read(config), random);
        TokenIssuer.Outcome outcome = issuer.issue(
                clock.instant(), new TokenIssuer.Wish(client, audience, scope, chosenFormat(), Optional.empty()));
        if (outcome instanceof TokenIssuer.Denied denied) {
            throw new KmpConfigException(denied.reason());
        }
        TokenIssuer.Issued issued = (TokenIssuer.Issued) outcome;
        Files.createDirectories(out);
        try (AccessToken claims = issued.claims()) {
            Path token = out.resolve(client + ".token");
            Path key = out.resolve(client + ".key");
            write(token, issued.token().toArray());
            write(key, Borrowed.from(claims.key(), HexFormat.of()::formatHex).getBytes(StandardCharsets.US_ASCII));
            print(claims, token, key);
        }
        return 0;
    }

    private Optional<AsConfig.Format> chosenFormat() {
        try {
            return format.isEmpty() ? Optional.empty() : Optional.of(AsConfig.Format.parse(format));
        } catch (IllegalArgumentException e) {
            throw new KmpConfigException("--format: " + e.getMessage());
        }
    }

    /** Readable by its owner only, from the first octet on. */
    private static void write(Path file, byte[] octets) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, octets);
    }

    private void print(AccessToken claims, Path token, Path key) {
        PrintWriter writer = spec.commandLine().getOut();
        writer.println("- target: " + (target.isEmpty() ? "coap://" + audience : target));
        writer.println("  issuer: " + claims.issuer());
        writer.println("  audience: " + audience);
        writer.println("  token: \"@" + token.toAbsolutePath() + "\"");
        writer.println("  key: \"@" + key.toAbsolutePath() + "\"");
        writer.println("  salt: \"" + claims.salt().toHex() + "\"");
        claims.expires().ifPresent(end -> writer.println("  expires: \"" + end + "\""));
        writer.flush();
    }
}
