package dev.gatehouse.testkit;

/**
 * What operations cost at most, held by {@link CostTest}: a change that makes one cheaper or dearer changes its line here.
 *
 * <p>Bytes that the calling thread allocates, on JDK 17 and a storage in memory, before anything is compiled; calls of the
 * storage in its transactions; rows that those return.
 */
enum Cost {
    SESSION_SEEN(0, 0, 0),
    SESSION_NOT_SEEN(24_900, 2, 2),
    TOKEN_SEEN(0, 0, 0),
    TOKEN_NOT_SEEN(39_400, 2, 2),
    API_KEY_SEEN(1_200, 0, 0),
    PASSWORD(300_000, 18, 9),
    MAGIC_CODE(231_000, 31, 8),
    AUTHORIZATION_CODE(169_000, 12, 7),
    REFRESH(146_000, 8, 5),
    TOTP(78_000, 7, 5),
    SAML_RESPONSE(1_355_000, 43, 30),
    CREATE_USER(31_000, 3, 1),
    GET_USER(24_700, 2, 2),
    LIST_USERS(207_500, 2, 22),
    LIST_EVENTS(269_600, 3, 22);

    final long bytes;
    final long calls;
    final long rows;

    Cost(long bytes, long calls, long rows) {
        this.bytes = bytes;
        this.calls = calls;
        this.rows = rows;
    }
}
