package dev.gatehouse.mail;

import dev.gatehouse.spi.Mailer.Mail;
import dev.gatehouse.ui.Brand;
import dev.gatehouse.ui.Strings;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns messages into mails, in the recipient's language. */
final class Letters {
    private static final String BUNDLE = "dev.gatehouse.mail.messages";
    private static final int MINUTES_OF_HOURS = 120;
    private static final int MINUTES_OF_DAYS = 2_880;

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Letters.class.getClassLoader(), "dev.gatehouse.templates");
    private final String app;
    private final Brand brand;

    Letters(String app, Brand brand) {
        this.app = app;
        this.brand = brand;
    }

    /**
     * The mail of a message.
     *
     * @param id of the mail, the same for each try
     * @param at when it was queued
     */
    Mail write(String id, Instant at, Message message) {
        Letter letter = letter(at, message);
        StringOutput html = new StringOutput();
        templates.render("mail/letter.jte", letter, html);
        return new Mail(message.to(), letter.subject(), letter.text(), html.toString(), id);
    }

    /** What that mail says. */
    Letter letter(Instant at, Message message) {
        Strings strings = Strings.of(BUNDLE, message.locale());
        Map<String, String> values = message.values();
        Object[] arguments = {
            app,
            message.to(),
            lifetime(strings, values.get("minutes")),
            values.getOrDefault("code", ""),
            values.getOrDefault("inviter", ""),
            values.getOrDefault("organization", ""),
            strings.date(at)
        };
        String kind = message.kind().name().toLowerCase(Locale.ROOT);
        String variant = variant(message);
        String url = values.get("url");
        // what to do stands before the link that does it
        String lead = message.kind() == Message.Kind.PASSWORD_CHANGED && url != null ? ".lead_link" : ".lead" + variant;
        return new Letter(
                strings.language(),
                brand,
                app,
                strings.get(kind + ".subject" + variant, arguments),
                strings.get(kind + ".heading" + variant, arguments),
                strings.get(kind + lead, arguments),
                values.get("code"),
                url == null ? null : strings.get(kind + ".action", arguments),
                url,
                strings.get("link_hint"),
                strings.get(kind + (url == null ? ".note" : ".note_link"), arguments),
                strings.get("footer", arguments));
    }

    /** An invitation says as much as is known of it. */
    private static String variant(Message message) {
        if (message.kind() != Message.Kind.INVITATION) {
            return "";
        }
        String inviter = message.values().getOrDefault("inviter", "").isEmpty() ? "" : "_inviter";
        String organization = message.values().getOrDefault("organization", "").isEmpty() ? "" : "_organization";
        return inviter + organization;
    }

    private static String lifetime(Strings strings, @Nullable String minutes) {
        if (minutes == null) {
            return "";
        }
        int all = Integer.parseInt(minutes);
        return all < MINUTES_OF_HOURS
                ? strings.get("minutes", all)
                : all < MINUTES_OF_DAYS ? strings.get("hours", all / 60) : strings.get("days", all / 1_440);
    }
}
