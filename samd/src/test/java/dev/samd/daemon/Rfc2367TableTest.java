// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.samd.sa.SaError;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaState;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.wire.ErrorWire;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/rfc2367.md} says what is so: its tests exist, its rules name one each, its refusals are those of the API. */
class Rfc2367TableTest {
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+(?:Test|IT))#(\\w+)`");
    private static final Pattern RULE = Pattern.compile("\\| [A-Z]\\d+ \\|.*");
    private static final int COLUMNS = 7;
    private static final int SHOWN_BY = 3;

    private static Path root;
    private static List<String> page;

    @BeforeAll
    static void read() throws IOException {
        root = root();
        page = Files.readAllLines(root.resolve("docs/rfc2367.md"));
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, String> sources = testSources();
        List<String> missing = new ArrayList<>();

        for (String line : page) {
            Matcher named = NAMED_TEST.matcher(line);
            while (named.find()) {
                String source = sources.getOrDefault(named.group(1), "");
                Pattern method = Pattern.compile("\\bvoid " + named.group(2) + "\\s*\\(");
                if (!method.matcher(source).find()) {
                    missing.add(named.group());
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void everyRuleHasEveryColumnANumberOfItsOwnAndATest() {
        List<String> rules =
                page.stream().filter(line -> RULE.matcher(line).matches()).toList();
        Set<String> numbers = new HashSet<>();

        assertThat(rules).hasSizeGreaterThan(80);
        for (String rule : rules) {
            List<String> cells = cells(rule);
            assertThat(cells).as(rule).hasSize(COLUMNS);
            assertThat(numbers.add(cells.get(0))).as(rule).isTrue();
            String shownBy = cells.get(SHOWN_BY);
            assertThat(NAMED_TEST.matcher(shownBy).find()).as(rule).isTrue();
        }
    }

    @Test
    void nothingThatIsInstalledStatesAState() {
        Set<Descriptor> reached = new HashSet<>();
        reach(SadbServiceAddRequest.getDescriptor(), reached);
        reach(SadbServiceUpdateRequest.getDescriptor(), reached);
        reach(SadbServiceInstallPairRequest.getDescriptor(), reached);

        assertThat(reached).contains(SaParameters.getDescriptor());
        assertThat(reached)
                .flatExtracting(Descriptor::getFields)
                .filteredOn(field -> field.getJavaType() == FieldDescriptor.JavaType.ENUM)
                .extracting(FieldDescriptor::getEnumType)
                .isNotEmpty()
                .doesNotContain(SaState.getDescriptor());
    }

    /** A message, and all that its fields lead to. */
    private static void reach(Descriptor message, Set<Descriptor> reached) {
        if (reached.add(message)) {
            for (FieldDescriptor field : message.getFields()) {
                if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                    reach(field.getMessageType(), reached);
                }
            }
        }
    }

    @Test
    void everyRefusalHasTheNumberAndTheStatusOfTheApi() {
        Map<String, List<String>> rows = new HashMap<>();
        for (String line : page) {
            List<String> cells = cells(line);
            if (cells.size() == 4 && cells.get(1).matches("E[A-Z]+ \\d+")) {
                Arrays.stream(cells.get(0).split(", ")).forEach(reason -> rows.put(reason, cells));
            }
        }

        assertThat(rows).hasSizeGreaterThan(20);
        rows.forEach((reason, cells) -> {
            SaError error = SaError.valueOf(reason);
            assertThat(cells.get(1)).as(reason).endsWith(" " + error.errno());
            assertThat(cells.get(2))
                    .as(reason)
                    .isEqualTo(ErrorWire.codeOf(error).name());
        });
    }

    private static List<String> cells(String row) {
        if (!row.startsWith("|") || !row.endsWith("|")) {
            return List.of();
        }
        return Arrays.stream(row.substring(1, row.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    /** The tests of all modules by the name of their class. */
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                // What builds write comes and goes while this runs.
                boolean source = !Set.of("target", ".git").contains(String.valueOf(directory.getFileName()));
                return source ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                if (name.matches("\\w+(?:Test|IT)\\.java")) {
                    String type = name.substring(0, name.length() - ".java".length());
                    sources.merge(type, Files.readString(file), String::concat);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }

    /** The root of the repository, from wherever the build runs. */
    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("docs/rfc2367.md"))) {
                return at;
            }
        }
        throw new IllegalStateException(
                "docs/rfc2367.md is nowhere above " + Path.of("").toAbsolutePath());
    }
}
