package dev.gatehouse.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What people must read has the contrast that WCAG 2.2 AA asks for: our own tokens, and any colour of a host's. */
class BrandTest {
    private static final Pattern TOKEN = Pattern.compile("--([a-z-]+): oklch\\(([0-9.]+) ([0-9.]+) ([0-9.]+)\\)");

    private static int rgb(String hex) {
        return Integer.parseInt(hex.substring(1), 16);
    }

    /** OKLCH to sRGB (CSS Color 4, §10 and the matrices of its sample code), clipped. */
    private static int srgb(double l, double c, double degrees) {
        double a = c * Math.cos(Math.toRadians(degrees));
        double b = c * Math.sin(Math.toRadians(degrees));
        double l3 = Math.pow(l + 0.3963377774 * a + 0.2158037573 * b, 3);
        double m3 = Math.pow(l - 0.1055613458 * a - 0.0638541728 * b, 3);
        double s3 = Math.pow(l - 0.0894841775 * a - 1.2914855480 * b, 3);
        return channel(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3) << 16
                | channel(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3) << 8
                | channel(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3);
    }

    private static int channel(double linear) {
        double c = Math.min(1, Math.max(0, linear));
        double encoded = c <= 0.0031308 ? 12.92 * c : 1.055 * Math.pow(c, 1 / 2.4) - 0.055;
        return (int) Math.round(255 * encoded);
    }

    private static Map<String, Integer> tokens(String block) {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        Matcher token = TOKEN.matcher(block);
        while (token.find()) {
            tokens.put(
                    token.group(1),
                    srgb(
                            Double.parseDouble(token.group(2)),
                            Double.parseDouble(token.group(3)),
                            Double.parseDouble(token.group(4))));
        }
        return tokens;
    }

    private static String css() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(Brand.class.getResourceAsStream("/dev/gatehouse/pages/gatehouse.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void ourOwnTokensCanBeReadOnBothGrounds() throws IOException {
        assertThat(Brand.contrast(0xffffff, 0x000000)).as("the measure itself").isEqualTo(21.0);
        String css = css();
        int dark = css.indexOf("prefers-color-scheme: dark");
        for (Map<String, Integer> tokens :
                java.util.List.of(tokens(css.substring(0, dark)), tokens(css.substring(dark)))) {
            assertThat(tokens)
                    .containsKeys("ground", "surface", "ink", "ink-soft", "brand", "brand-ink", "bad", "good");
            for (String ground : new String[] {"ground", "surface"}) {
                for (String text : new String[] {"ink", "ink-soft", "brand", "bad", "good"}) {
                    assertThat(Brand.contrast(tokens.get(text), tokens.get(ground)))
                            .as(text + " on " + ground)
                            .isGreaterThanOrEqualTo(4.5);
                }
                assertThat(Brand.contrast(tokens.get("line-strong"), tokens.get(ground)))
                        .as("border of a control on " + ground)
                        .isGreaterThanOrEqualTo(3);
            }
            assertThat(Brand.contrast(tokens.get("brand-ink"), tokens.get("brand")))
                    .isGreaterThanOrEqualTo(4.5);
        }
    }

    @Test
    void anyColourOfAHostsCanBeReadOnBothGrounds() throws IOException {
        String css = css();
        int cut = css.indexOf("prefers-color-scheme: dark");
        Map<String, Integer> light = tokens(css.substring(0, cut));
        Map<String, Integer> dark = tokens(css.substring(cut));
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String wanted = String.format(Locale.ROOT, "#%06x", i < 2 ? i * 0xffffff : random.nextInt(1 << 24));
            Brand brand = Brand.of(wanted);
            for (String ground : new String[] {"ground", "surface"}) {
                assertThat(Brand.contrast(rgb(brand.light()), light.get(ground)))
                        .as(wanted)
                        .isGreaterThanOrEqualTo(4.5);
                assertThat(Brand.contrast(rgb(brand.dark()), dark.get(ground)))
                        .as(wanted)
                        .isGreaterThanOrEqualTo(4.5);
            }
            assertThat(Brand.contrast(rgb(brand.light()), rgb(brand.lightInk())))
                    .as(wanted)
                    .isGreaterThanOrEqualTo(4.5);
            assertThat(Brand.contrast(rgb(brand.dark()), rgb(brand.darkInk())))
                    .as(wanted)
                    .isGreaterThanOrEqualTo(4.5);
        }
        assertThat(Brand.of("#2c5a9e").light())
                .as("a fit colour stays as it is")
                .isEqualTo("#2c5a9e");
    }
}
