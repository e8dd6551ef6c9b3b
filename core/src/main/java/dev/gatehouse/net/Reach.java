package dev.gatehouse.net;

import java.util.Locale;

/** Which addresses may be called. */
public enum Reach {
    /** Addresses of the public Internet. */
    PUBLIC,
    /** Those, and this machine when it is named as such: {@code localhost}, {@code 127.0.0.1}, {@code [::1]}. */
    LOOPBACK,
    /** Any; for a closed network whose addresses are all private. */
    ANY;

    /**
     * What a setting means.
     *
     * @param setting {@code auto} or one of these in lower case
     * @param production which {@code auto} depends on
     */
    public static Reach of(String setting, boolean production) {
        if (setting.equals("auto")) {
            return production ? PUBLIC : LOOPBACK;
        }
        return valueOf(setting.toUpperCase(Locale.ROOT));
    }
}
