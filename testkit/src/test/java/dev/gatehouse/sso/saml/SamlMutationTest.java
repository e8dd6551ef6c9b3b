package dev.gatehouse.sso.saml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Some thousand changes of good messages, in every build; {@link SamlFuzzTest} looks further. */
class SamlMutationTest {
    private static final int ROUNDS = 4000;

    private final SamlProbe probe = new SamlProbe();

    @Test
    void seedsAreAccepted() throws IOException {
        for (Path seed : seeds(SamlSeeds.RESPONSES)) {
            assertThat(probe.response(Files.readAllBytes(seed))).as("%s", seed).isTrue();
        }
        for (Path seed : seeds(SamlSeeds.METADATA)) {
            assertThat(probe.metadata(Files.readAllBytes(seed))).as("%s", seed).isTrue();
        }
        for (Path seed : seeds(SamlSeeds.LOGOUT)) {
            assertThat(probe.logout(Files.readAllBytes(seed))).as("%s", seed).isTrue();
        }
        for (Path seed : seeds(SamlSeeds.SIGNED)) {
            assertThat(probe.signed(Files.readAllBytes(seed))).as("%s", seed).isTrue();
        }
    }

    /** Pieces of the messages themselves, moved, doubled, dropped and changed: what structure-blind fuzzing finds late. */
    @Test
    void changedSeedsAreReadOrRefused() throws IOException {
        Random random = new Random(20260601);
        List<Path> seeds = seeds(SamlSeeds.RESPONSES);
        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String seed = Files.readString(seeds.get(i % seeds.size()));
            String other = Files.readString(seeds.get(random.nextInt(seeds.size())));
            String changed = changed(seed, other, random);
            accepted += probe.response(changed.getBytes(StandardCharsets.UTF_8)) ? 1 : 0;
            probe.metadata(changed.getBytes(StandardCharsets.UTF_8));
        }
        // white space inside of tags, for one, is nobody's business
        assertThat(accepted).isLessThan(ROUNDS / 4);
    }

    private static String changed(String seed, String other, Random random) {
        int from = random.nextInt(seed.length());
        return switch (random.nextInt(6)) {
            case 0 -> seed.substring(0, from) + (char) (33 + random.nextInt(90)) + seed.substring(from + 1);
            case 1 -> without(seed, element(seed, random));
            case 2 -> seed.replace(element(seed, random), element(other, random));
            case 3 -> {
                String piece = element(other, random);
                int at = seed.indexOf('<', from);
                yield at < 0 ? seed + piece : seed.substring(0, at) + piece + seed.substring(at);
            }
            case 4 -> {
                String piece = element(seed, random);
                yield seed.replace(piece, piece + piece);
            }
            default -> seed.replaceFirst("=\"[^\"]{1,12}", "=\"" + random.nextInt());
        };
    }

    private static String without(String text, String piece) {
        return text.replace(piece, "");
    }

    /** From some tag to the end of the element that begins there, or to some end. */
    private static String element(String text, Random random) {
        int from = text.indexOf('<', random.nextInt(text.length()));
        if (from < 0 || from + 1 >= text.length()) {
            return text;
        }
        int nameEnd = from + 1;
        while (nameEnd < text.length() && " />".indexOf(text.charAt(nameEnd)) < 0) {
            nameEnd++;
        }
        String close = "</" + text.substring(from + 1, nameEnd) + ">";
        int end = text.indexOf(close, from);
        return end < 0 ? text.substring(from, text.indexOf('>', from) + 1) : text.substring(from, end + close.length());
    }

    private static List<Path> seeds(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            // what fuzzing found lies beside them, and is refused
            List<Path> seeds = files.filter(file -> file.toString().endsWith(".xml"))
                    .sorted()
                    .toList();
            assertThat(seeds).isNotEmpty();
            return seeds;
        }
    }
}
