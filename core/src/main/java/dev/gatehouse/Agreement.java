package dev.gatehouse;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;

/** Refuses what each setting allows, but not all of them together; before anything is stored. */
final class Agreement {
    private Agreement() {}

    static void check(Config config) {
        boolean production = config.get(Setting.PRODUCTION);
        if (production && !config.get(Setting.ORIGIN).startsWith("https://")) {
            throw config.refused(Setting.ORIGIN, "production needs an https address");
        }
        config.get(Setting.API_KEY)
                .filter(key -> key.startsWith("sk_live_") != production)
                .ifPresent(key -> {
                    throw config.refused(
                            Setting.API_KEY,
                            production ? "production has sk_live_ keys" : "only production has sk_live_ keys");
                });
        String pages = config.get(Setting.PAGES_PATH) + "/";
        String api = config.get(Setting.API_PATH) + "/";
        if (api.length() > 2 && (api.startsWith(pages) || pages.startsWith(api))) {
            throw config.refused(Setting.API_PATH, "one of it and pages-path lies below the other");
        }
        mail(config);
    }

    private static void mail(Config config) {
        boolean user = config.get(Setting.SMTP_USER).isPresent();
        if (config.get(Setting.SMTP_HOST).isPresent()
                && config.get(Setting.MAIL_FROM).isEmpty()) {
            throw config.refused(Setting.SMTP_HOST, "mails need a sender. Set mail-from");
        }
        if (user != config.get(Setting.SMTP_PASSWORD).isPresent()) {
            throw config.refused(
                    user ? Setting.SMTP_USER : Setting.SMTP_PASSWORD, "smtp-user and smtp-password need each other");
        }
        if (user && config.get(Setting.SMTP_SECURITY).equals("none")) {
            throw config.refused(Setting.SMTP_SECURITY, "it would send smtp-password in the clear");
        }
    }
}
