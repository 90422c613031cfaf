// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code that docs/kmp-guide.md quotes is the code of this module. */
class GuideTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyQuotedBlockStandsInASource() throws IOException {
        Path home = home();
        Path module = home.resolve("kmp-plugins/kmp-sample/src");
        String sources;
        try (Stream<Path> files = Files.walk(module)) {
            sources = String.join(
                    "\n",
                    files.filter(Files::isRegularFile).map(GuideTest::read).toList());
        }
        List<String> blocks = BLOCK.matcher(read(home.resolve("docs/kmp-guide.md")))
                .results()
                .map(block -> plain(block.group(1)))
                .toList();

        String all = plain(sources);
        assertThat(blocks)
                .hasSizeGreaterThan(5)
                .allSatisfy(block -> assertThat(all.contains(block)).as(block).isTrue());
    }

    /** Indentation and line breaks are the guide's own. */
    private static String plain(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("bin")) || !Files.isDirectory(here.resolve("api-proto"))) {
            here = here.getParent();
        }
        return here;
    }
}
