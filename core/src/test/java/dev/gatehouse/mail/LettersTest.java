package dev.gatehouse.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.mail.Message.Kind;
import dev.gatehouse.spi.Mailer.Mail;
import dev.gatehouse.ui.Brand;
import dev.gatehouse.ui.Bundles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What mails say and how they look. The HTML is left in {@code target/mails}, to be looked at. */
class LettersTest {
    private static final Instant NOW = Instant.parse("2026-06-01T10:00:00Z");
    private static final String URL = "https://app.example.com/auth/invitation?token=abc&x=1";
    private static final Letters LETTERS = new Letters("Fieldnotes", Brand.OWN);

    private static Message message(Kind kind, String locale, Map<String, String> values) {
        return new Message(kind, "ada@example.com", locale, values, NOW.plusSeconds(600));
    }

    /** Every kind in every form, by a name. */
    private static Map<String, Message> all(String locale) {
        Map<String, Message> all = new HashMap<>();
        for (Kind kind : List.of(Kind.MAGIC_CODE, Kind.EMAIL_VERIFICATION, Kind.EMAIL_CHANGE)) {
            all.put(kind.name(), message(kind, locale, Map.of("code", "417920", "minutes", "10")));
        }
        all.put("PASSWORD_RESET", message(Kind.PASSWORD_RESET, locale, Map.of("url", URL, "minutes", "60")));
        Map<String, String> invitation = Map.of("url", URL, "minutes", "10080");
        all.put("INVITATION", message(Kind.INVITATION, locale, invitation));
        for (Map<String, String> more : List.of(
                Map.of("inviter", "Grace Hopper"),
                Map.of("organization", "Müller & Söhne"),
                Map.of("inviter", "Grace Hopper", "organization", "Müller & Söhne"))) {
            Map<String, String> values = new HashMap<>(invitation);
            values.putAll(more);
            all.put("INVITATION" + more.keySet(), message(Kind.INVITATION, locale, values));
        }
        all.put("PASSWORD_CHANGED", message(Kind.PASSWORD_CHANGED, locale, Map.of()));
        all.put("PASSWORD_CHANGED_LINK", message(Kind.PASSWORD_CHANGED, locale, Map.of("url", URL)));
        all.put("EMAIL_CHANGED", message(Kind.EMAIL_CHANGED, locale, Map.of()));
        for (Kind kind : List.of(
                Kind.ACCOUNT_EXISTS,
                Kind.PASSKEY_ADDED,
                Kind.FACTOR_ADDED,
                Kind.FACTOR_REMOVED,
                Kind.RECOVERY_CODES_REPLACED,
                Kind.RECOVERY_CODE_USED)) {
            all.put(kind.name(), message(kind, locale, Map.of("url", URL)));
        }
        return all;
    }

    @Test
    void everyKindIsWrittenInEveryLanguageAndEveryStringIsUsed() throws IOException {
        Set<String> strings = new HashSet<>(Bundles.keys(Letters.class));
        strings.removeAll(Set.of("minutes", "hours", "days", "link_hint", "footer", "password_changed.lead_link"));
        for (Kind kind : Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            List<String> variants = kind == Kind.INVITATION
                    ? List.of("", "_inviter", "_organization", "_inviter_organization")
                    : List.of("");
            for (String variant : variants) {
                List.of("subject", "heading", "lead").forEach(part -> strings.remove(name + "." + part + variant));
            }
            if (!kind.required().contains("url")) {
                strings.remove(name + ".note");
            }
            if (kind.required().contains("url") || kind.optional().contains("url")) {
                List.of("action", "note_link").forEach(part -> strings.remove(name + "." + part));
            }
        }
        assertThat(strings).as("strings that nothing shows").isEmpty();
        assertThat(all("en").values()).extracting(Message::kind).contains(Kind.values());

        Path folder = Files.createDirectories(Path.of("target/mails"));
        for (String locale : List.of("en", "de")) {
            for (Map.Entry<String, Message> entry : all(locale).entrySet()) {
                Mail mail = LETTERS.write("mail_01", NOW, entry.getValue());
                Files.writeString(
                        folder.resolve(entry.getKey().replaceAll("\\W+", "_") + "-" + locale + ".html"), mail.html());
                assertThat(mail.html())
                        .contains("lang=\"" + locale + "\"")
                        .doesNotContain("<script", "<img", "{0}", "null");
                assertThat(mail.text()).doesNotContain("<", "{", "null", "&amp;");
                assertThat(mail.subject()).contains("Fieldnotes").doesNotContain("{", "null");
                assertThat(mail.subject().length()).isLessThan(80);
                entry.getValue().values().forEach((name, value) -> {
                    if (!name.equals("minutes")) {
                        assertThat(mail.text()).contains(value);
                    }
                });
            }
        }
    }

    @Test
    void aCodeIsReadInGroupsAndCopiedAsDigits() {
        Message message = message(Kind.MAGIC_CODE, "en-GB", Map.of("code", "417920", "minutes", "10"));
        Mail mail = LETTERS.write("mail_01", NOW, message);
        assertThat(mail.subject()).isEqualTo("417920 is your Fieldnotes code");
        assertThat(mail.text()).contains("\n417920\n").contains("It works once, for 10 minutes.");
        String shown = mail.html().replaceAll("(?s).*<td class=\"surface ink\"[^>]*>(.*?)</td>.*", "$1");
        assertThat(shown).contains(">417</span>").contains(">920</span>");
        assertThat(shown.replaceAll("<[^>]*>", "")).isEqualTo("417920");
        assertThat(message.toString()).doesNotContain("417920").doesNotContain("ada@example.com");
        Map<String, List<String>> groups = Map.of(
                "1234",
                List.of("1234"),
                "12345678",
                List.of("1234", "5678"),
                "ABCDEFGHJ",
                List.of("ABC", "DEF", "GHJ"));
        groups.forEach((code, expected) -> assertThat(
                        LETTERS.letter(NOW, message(Kind.MAGIC_CODE, "en", Map.of("code", code, "minutes", "1")))
                                .groups())
                .isEqualTo(expected));
    }

    @Test
    void timesAreSaidAsPeopleSayThem() {
        Map<String, String> expected = Map.of(
                "1",
                "1 minute.",
                "10",
                "10 minutes",
                "90",
                "90 minutes",
                "120",
                "2 hours",
                "1440",
                "24 hours",
                "10080",
                "7 days");
        expected.forEach((minutes, words) -> assertThat(LETTERS.write(
                                "x", NOW, message(Kind.MAGIC_CODE, "fr", Map.of("code", "417920", "minutes", minutes)))
                        .text())
                .contains("It works once, for " + words));
        assertThat(LETTERS.write("x", NOW, message(Kind.PASSWORD_CHANGED, "de-AT", Map.of()))
                        .text())
                .contains("wurde am 01.06.2026, 10:00 UTC geändert");
    }

    @Test
    void whatPeopleChoseIsTextAndNothingElse() {
        Message message = message(
                Kind.INVITATION,
                "en",
                Map.of(
                        "url",
                        URL,
                        "minutes",
                        "10080",
                        "inviter",
                        "<b>{0}</b>\r\nBcc: all@example.com \u202egro.live",
                        "organization",
                        "O".repeat(300)));
        Mail mail = LETTERS.write("mail_01", NOW, message);
        assertThat(mail.html()).doesNotContain("<b>").contains("&lt;b&gt;{0}&lt;/b&gt; Bcc: all@example.com gro.live");
        assertThat(mail.subject()).startsWith("<b>{0}</b> Bcc:").doesNotContain("\r", "\n", "\u202e");
        assertThat(mail.text())
                .doesNotContain("\r")
                .contains("O".repeat(99) + "…")
                .doesNotContain("O".repeat(100));
        assertThat(mail.html()).contains("href=\"https://app.example.com/auth/invitation?token=abc&amp;x=1\"");
    }

    @Test
    void aMessageSaysWhatItsKindNeedsAndNothingElse() {
        refused("needs the value minutes", Kind.MAGIC_CODE, Map.of("code", "417920"));
        refused("has no value url", Kind.MAGIC_CODE, Map.of("code", "417920", "minutes", "10", "url", URL));
        refused("value code is", Kind.MAGIC_CODE, Map.of("code", "41 79", "minutes", "10"));
        refused("value minutes is", Kind.MAGIC_CODE, Map.of("code", "417920", "minutes", "soon"));
        for (String url : List.of(
                "javascript:alert(1)", "/relative", "https:///x", "http://a b", "https://a/" + "x".repeat(2000))) {
            refused("value url is", Kind.PASSWORD_RESET, Map.of("url", url, "minutes", "10"));
        }
        for (String to : List.of("", "a@b.c\r\nBcc: x@y.z", "a".repeat(255))) {
            assertThatThrownBy(() -> new Message(Kind.PASSWORD_CHANGED, to, null, Map.of(), NOW))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("to is no address");
        }
    }

    private static void refused(String why, Kind kind, Map<String, String> values) {
        assertThatThrownBy(() -> message(kind, "en", values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("417920");
    }

    /** The template has its colours in itself, since mail programs read no style sheet; they are those of the pages. */
    @Test
    void everyTextCanBeReadOnBothGrounds() throws IOException {
        String template = Files.readString(Path.of("src/main/jte/mail/letter.jte"));
        String css = template.substring(template.indexOf("@media"), template.indexOf("</style>"));
        assertThat(colours(template.substring(template.indexOf("<body"))))
                .isSubsetOf("#f9fafc", "#ffffff", "#dfe1e5", "#545b66", "#171d26");
        assertThat(colours(css)).isSubsetOf("#0c1015", "#14191f", "#292e36", "#eceff3", "#a5abb4");
        for (String wanted : List.of("#2c5a9e", "#ffff00", "#000000", "#ffffff")) {
            Brand brand = wanted.equals("#2c5a9e") ? Brand.OWN : Brand.of(wanted);
            for (String ground : List.of("#f9fafc", "#ffffff")) {
                readable(ground, "#545b66", "#171d26", brand.light());
            }
            for (String ground : List.of("#0c1015", "#14191f")) {
                readable(ground, "#a5abb4", "#eceff3", brand.dark());
            }
            readable(brand.light(), brand.lightInk());
            readable(brand.dark(), brand.darkInk());
        }
    }

    private static void readable(String ground, String... texts) {
        for (String text : texts) {
            assertThat(Brand.contrast(
                            Integer.parseInt(text.substring(1), 16), Integer.parseInt(ground.substring(1), 16)))
                    .as(text + " on " + ground)
                    .isGreaterThanOrEqualTo(4.5);
        }
    }

    private static Set<String> colours(String text) {
        Set<String> found = new HashSet<>();
        Matcher colour = Pattern.compile("#[0-9a-f]{6}\\b").matcher(text);
        while (colour.find()) {
            found.add(colour.group());
        }
        return found;
    }
}
