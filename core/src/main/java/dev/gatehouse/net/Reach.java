package dev.gatehouse.net;

/** Which addresses may be called. */
public enum Reach {
    /** Addresses of the public Internet. */
    PUBLIC,
    /** Those, and this machine when it is named as such: {@code localhost}, {@code 127.0.0.1}, {@code [::1]}. */
    LOOPBACK,
    /** Any; for a closed network whose addresses are all private. */
    ANY
}
