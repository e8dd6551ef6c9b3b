package dev.gatehouse.ui;

import java.util.Locale;

/**
 * One colour of the host's, made fit to read: on light and on dark ground it keeps a contrast of 4.5 to 1 against what it
 * stands on, and what stands on it keeps the same (WCAG 2.2, 1.4.3). A colour too pale for a ground is darkened, one too
 * dark is lightened, until it passes.
 *
 * @param light {@code #rrggbb} on light ground
 * @param lightInk {@code #rrggbb} of text upon it
 * @param dark {@code #rrggbb} on dark ground
 * @param darkInk {@code #rrggbb} of text upon it
 */
public record Brand(String light, String lightInk, String dark, String darkInk) {
    /** What is used where the host has no colour of its own: those of {@code gatehouse.css}. */
    public static final Brand OWN = new Brand("#2c5a9d", "#fbfbfb", "#7facf0", "#09121f");

    private static final double ENOUGH = 4.5;
    private static final int LIGHT_GROUND = 0xf7f8fa;
    private static final int DARK_SURFACE = 0x191c24;
    private static final int WHITE = 0xffffff;
    private static final int BLACK = 0x0b0d12;

    /** Makes the colours of one {@code #rrggbb}. */
    public static Brand of(String hex) {
        int wanted = Integer.parseInt(hex.substring(1), 16);
        int light = towards(wanted, 0, LIGHT_GROUND);
        int dark = towards(wanted, WHITE, DARK_SURFACE);
        return new Brand(hex(light), hex(inkOn(light)), hex(dark), hex(inkOn(dark)));
    }

    /** Overrides the tokens of {@code gatehouse.css}. */
    public String css() {
        return """
                :root { --brand: %s; --brand-ink: %s; }
                @media (prefers-color-scheme: dark) { :root { --brand: %s; --brand-ink: %s; } }
                """.formatted(light, lightInk, dark, darkInk);
    }

    private static int towards(int colour, int end, int ground) {
        for (int percent = 0; percent <= 100; percent++) {
            int mixed = mix(colour, end, percent);
            if (contrast(mixed, ground) >= ENOUGH) {
                return mixed;
            }
        }
        return end;
    }

    private static int inkOn(int ground) {
        return contrast(WHITE, ground) >= contrast(BLACK, ground) ? WHITE : BLACK;
    }

    private static int mix(int from, int to, int percent) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = from >> shift & 0xff;
            int b = to >> shift & 0xff;
            mixed |= (a + (b - a) * percent / 100) << shift;
        }
        return mixed;
    }

    /** Contrast ratio of WCAG 2.2, 1 to 21. */
    public static double contrast(int one, int other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(int colour) {
        return 0.2126 * linear(colour >> 16 & 0xff)
                + 0.7152 * linear(colour >> 8 & 0xff)
                + 0.0722 * linear(colour & 0xff);
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }

    private static String hex(int colour) {
        return String.format(Locale.ROOT, "#%06x", colour);
    }
}
