package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.factors.Authenticator;
import dev.gatehouse.portability.Format;
import dev.gatehouse.portability.ImportException;
import dev.gatehouse.portability.ImportListener;
import dev.gatehouse.portability.ImportOptions;
import dev.gatehouse.portability.ImportOptions.Existing;
import dev.gatehouse.portability.ImportProgress;
import dev.gatehouse.portability.Portability.ExportOptions;
import dev.gatehouse.portability.RefusedRow;
import dev.gatehouse.store.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users go in and out with their hashes; the cut-off in the middle is the test kit's {@code ImportKillTest}. */
class PortabilityTest {
    private static final String PHRASE = "correct horse battery staple";
    private static final String SALT = "AAECAwQFBgcICQoLDA0ODw";
    private static final String BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private static final String TOTP = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    @TempDir
    Path folder;

    private final Rest rest = new Rest();
    private final List<RefusedRow> refused = new ArrayList<>();
    private int files;

    @AfterEach
    void close() {
        rest.close();
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("users" + files++), content);
    }

    private ImportProgress take(Rest into, byte[] content, ImportOptions options) throws IOException {
        refused.clear();
        return into.gatehouse.portability().importUsers(file(content), options, new ImportListener() {
            @Override
            public void refused(RefusedRow problem) {
                refused.add(problem);
            }
        });
    }

    private ImportProgress take(String content, Format format) throws IOException {
        return take(rest, content.getBytes(StandardCharsets.UTF_8), options(format));
    }

    private ImportOptions options(Format format) {
        return ImportOptions.of("import " + files, format);
    }

    private ImportProgress lines(String... lines) throws IOException {
        return take(String.join("\n", lines), Format.JSON_LINES);
    }

    private String why() {
        return refused.stream()
                        .map(r -> r.line() + " " + r.field() + " " + r.code())
                        .toList() + "";
    }

    private static byte[] export(Rest from, Format format, boolean secrets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        from.gatehouse.portability().exportUsers(out, new ExportOptions(format, secrets));
        return out.toByteArray();
    }

    private static Rest other() {
        return new Rest(new MemoryStorage(), "staging");
    }

    @Test
    void aPasswordOfEveryKindOfHashSignsIn() throws IOException {
        record Hash(String type, String hash, String password) {}
        Map<String, Hash> all = new LinkedHashMap<>();
        all.put("bcrypt", new Hash("bcrypt", BCRYPT, "U*U"));
        all.put(
                "scrypt",
                new Hash(
                        "scrypt",
                        "$scrypt$v=1$n=16384,r=8,p=1,kl=64$" + SALT
                                + "$11kKyiyYAc8G7rp3KmncMc44YlkdllIqxOa7pq0fMaUtb3NvK4WtqmJiM16xEuVvAU9BejfXS+De92abLFHCng",
                        PHRASE));
        all.put(
                "firebase",
                new Hash(
                        "firebase-scrypt",
                        "$firebase-scrypt$r=8,m=14,"
                                + "sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,ss=Bw=="
                                + "$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
                        "user1password"));
        all.put("ssha", new Hash("ssha", "{SSHA}o7B+j1mFfbmEwTcG4Xb9GJL9mOYAAQIDBAUGBw==", PHRASE));
        all.put(
                "pbkdf2",
                new Hash(
                        "pbkdf2",
                        "$pbkdf2$i=600000,d=sha256$" + SALT + "$7xdxRO7JQgy8EJPSqLNEqSvFBtDU7JwCjdGfgyTYweY",
                        PHRASE));
        // what this very Gatehouse made
        rest.user("argon2@example.com");
        StringBuilder rows =
                new StringBuilder(new String(export(rest, Format.JSON_LINES, false), StandardCharsets.UTF_8));
        assertThat(rows.toString()).contains("\"password_hash_type\":\"argon2\",\"password_hash\":\"$argon2id$");
        all.forEach((name, hash) -> rows.append("""
                {"email":"%s@example.com","email_verified":true,"password_hash_type":"%s","password_hash":"%s"}
                """.formatted(name, hash.type, hash.hash)));
        all.put("argon2", new Hash("argon2", "", Rest.PASSWORD));
        try (Rest into = other()) {
            ImportProgress done =
                    take(into, rows.toString().getBytes(StandardCharsets.UTF_8), options(Format.JSON_LINES));
            assertThat(done).as(why()).isEqualTo(new ImportProgress(6, 6, 6, 0, 0, 0));
            assertThat(into.events("user.created")).isEqualTo(6);
            byte[] exported = export(into, Format.JSON_LINES, false);
            try (Rest third = other()) {
                assertThat(take(third, exported, options(Format.JSON_LINES)).created())
                        .isEqualTo(6);
                for (Rest at : List.of(into, third)) {
                    all.forEach((name, hash) -> {
                        assertThat(at.password(name + "@example.com", hash.password)
                                        .status())
                                .as(name)
                                .isEqualTo(200);
                        assertThat(at.password(name + "@example.com", hash.password + "x")
                                        .status())
                                .as(name)
                                .isEqualTo(400);
                    });
                }
            }
        }
    }

    /** Everything a user can have, with texts that files and spreadsheets stumble over. */
    private void everything() throws IOException {
        ImportProgress done = lines(
                """
                {"id":"user_01E4ZCR3C56J083X43JQXF3JK5","email":"ada@example.com","email_verified":true,\
                "first_name":"Ada, \\"the\\"\\r\\nfirst","last_name":"=HYPERLINK(1)","name":"'=x","external_id":"-5",\
                "metadata":{"plan":"a\\nb","_":"+1"},"locale":"de-DE","password_hash_type":"ssha256",\
                "password_salt_position":"prefix","password_hash":"{SSHA256}%s",\
                "created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z","last_sign_in_at":"2022-01-01T00:00:00Z",\
                "totp_factors":[{"totp_issuer":"Acme","totp_user":"ada","totp_secret":"%s"}]}""".formatted("A".repeat(48), TOTP),
                "{\"email\":\"b@example.com\",\"first_name\":\"''x\",\"last_name\":\"\u00fc\ud83d\ude00\"}");
        assertThat(done.created()).as(why()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"JSON_LINES,true", "JSON_LINES,false", "CSV,false"})
    void whatGoesOutComesInAndOutAgainTheSame(Format format, boolean secrets) throws IOException {
        everything();
        byte[] first = export(rest, format, secrets);
        assertThat(new String(first, StandardCharsets.UTF_8)).contains("user_01E4ZCR3C56J083X43JQXF3JK5", "{SSHA256}");
        try (Rest into = other()) {
            assertThat(take(into, first, options(format)).created()).as(why()).isEqualTo(2);
            byte[] second = export(into, format, secrets);
            assertThat(new String(second, StandardCharsets.UTF_8)).isEqualTo(new String(first, StandardCharsets.UTF_8));
            assertThat(take(into, first, options(format))).isEqualTo(new ImportProgress(2, 2, 0, 0, 2, 0));
        }
    }

    @Test
    void secretsOfAppsGoOutOnlyWhenAskedForAndWorkWhereTheyCome() throws IOException {
        everything();
        assertThat(new String(export(rest, Format.JSON_LINES, true), StandardCharsets.UTF_8))
                .contains(TOTP);
        assertThat(new String(export(rest, Format.JSON_LINES, false), StandardCharsets.UTF_8))
                .doesNotContain(TOTP);
        assertThat(new String(export(rest, Format.CSV, false), StandardCharsets.UTF_8))
                .doesNotContain(TOTP);
        assertThatThrownBy(() -> new ExportOptions(Format.CSV, true)).isInstanceOf(IllegalArgumentException.class);

        String factor = rest.get("/user_management/users/user_01E4ZCR3C56J083X43JQXF3JK5/auth_factors")
                .text("/data/0/id");
        String challenge =
                rest.made("/auth/factors/" + factor + "/challenge", "{}").text("/id");
        String code = Authenticator.code(TOTP, rest.clock.instant());
        assertThat(rest.made("/auth/challenges/" + challenge + "/verify", "{\"code\":\"" + code + "\"}")
                        .json()
                        .path("valid")
                        .asBoolean())
                .isTrue();
    }

    @Test
    @DisplayName("P05 rows are held to what requests are held to, and one that is refused spoils no other")
    void refusals() throws IOException {
        String bomb = BCRYPT.replace("$05$", "$31$");
        ImportProgress done = lines(
                "{\"email\":\"a@example.com\",\"password_hash_type\":\"bcrypt\",\"password_hash\":\"" + BCRYPT + "\"}",
                "",
                "{\"email\":\"b@example.com\",\"password_hash_type\":\"bcrypt\",\"password_hash\":\"" + bomb + "\"}",
                "{\"email\":\"c@example.com\",\"password_hash_type\":\"" + BCRYPT + "\",\"password_hash\":\"bcrypt\"}",
                "{\"email\":\"d@example.com\",\"password\":\"hunter2-secret\"}",
                "{\"email\":\"e@example.com\",\"emial_verified\":true}",
                "{\"email\":\"nobody\"}",
                "{\"first_name\":7}",
                "{\"email\":\"f@example.com\",\"email\":\"g@example.com\"}",
                "[1]",
                "{\"email\":\"A@Example.com\"}",
                "{\"email\":\"h@example.com\",\"external_id\":\"h\"}",
                "{\"email\":\"i@example.com\",\"external_id\":\"h\"}",
                "{\"email\":\"j@example.com\",\"first_name\":\"a\\u0000\"}",
                "{\"email\":\"k@example.com\",\"id\":\"user_1\"}",
                "{\"email\":\"l@example.com\",\"created_at\":\"2999-01-01T00:00:00Z\"}",
                "{\"email\":\"m@example.com\",\"totp_factors\":[{\"totp_secret\":\"AAAA\"}]}",
                "{\"object\":\"organization\",\"email\":\"n@example.com\"}",
                "{\"object\":\"session\",\"email\":\"o@example.com\"}",
                "{\"email\":\"p@example.com\",\"totp_factors\":[{\"totp_secret\":\"" + TOTP + "\",\"secret\":1}]}",
                "{\"email\":\"o@example.com\",\"locale\":\"English\"}",
                "{\"email\":\"z@example.com\"}");
        assertThat(refused.stream().map(r -> r.line() + " " + r.field() + " " + r.code()))
                .containsExactly(
                        "3 password_hash invalid_password_hash",
                        "4 password_hash invalid_password_hash",
                        "5 password password_not_accepted",
                        "6 emial_verified unknown_field",
                        "7 email invalid_email",
                        "8 email email_string_required",
                        "8 first_name first_name_string_required",
                        "9  invalid_json",
                        "10  object_required",
                        "13 external_id external_id_already_used",
                        "14 first_name first_name_invalid",
                        "15 id id_invalid",
                        "16 created_at created_at_invalid",
                        "17 totp_secret totp_secret_invalid",
                        "18 email unknown_field",
                        "19 object object_not_supported",
                        "20 totp_factors.secret unknown_field",
                        "21  invalid_locale");
        assertThat(refused.toString()).doesNotContain("$2a$05", "$2a$31", "CCCC", "hunter2", "example.com");
        assertThat(done).isEqualTo(new ImportProgress(21, 21, 3, 0, 1, 17));
        assertThat(rest.events("user.created")).isEqualTo(3);
    }

    @Test
    @DisplayName("X08 a row that is too long or no UTF-8 is refused by its line, and costs no memory")
    void hostileLines() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        bytes.writeBytes("{\"email\":\"a@example.com\"}\r\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(("{\"email\":\"" + "a".repeat(2_000_000) + "\"}\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("{\"email\":\"b\u00fc@example.com\"}\n".getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(("{\"metadata\":" + "[".repeat(5_000) + "\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("{\"email\":\"z@example.com\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(take(rest, bytes.toByteArray(), options(Format.JSON_LINES)).created())
                .isEqualTo(2);
        assertThat(why()).isEqualTo("[2  row_too_long, 3  invalid_json, 4  invalid_json]");
    }

    @Test
    @DisplayName("X08 CSV is read as RFC 4180 says: quotes, line breaks in cells, a byte order mark, Excel's TRUE")
    void csv() throws IOException {
        ImportProgress done = take(
                String.join(
                        "",
                        "\uFEFFemail,first_name,email_verified,metadata.plan,metadata\r\n",
                        "a@example.com,\"Ada, \"\"the\"\"\r\nfirst\",TRUE,pro,\"{\"\"since\"\":\"\"2020\"\"}\"\r\n",
                        "\r\n",
                        "b@example.com,'=1+1,false,,\n",
                        "c@example.com,only\n",
                        "d@example.com,,maybe,,\n",
                        "e@example.com,,,,[1]\n",
                        "f@example.com,\"\",,,"),
                Format.CSV);
        assertThat(why())
                .isEqualTo("[6  cells_differ, 7 email_verified email_verified_boolean_required,"
                        + " 8 metadata metadata_object_required]");
        assertThat(done.created()).isEqualTo(3);
        var ada = rest.gatehouse.users().findByEmail("a@example.com").orElseThrow();
        assertThat(ada.firstName()).isEqualTo("Ada, \"the\"\r\nfirst");
        assertThat(ada.emailVerified()).isTrue();
        assertThat(ada.metadata()).isEqualTo(Map.of("plan", "pro", "since", "2020"));
        assertThat(rest.gatehouse
                        .users()
                        .findByEmail("b@example.com")
                        .orElseThrow()
                        .firstName())
                .isEqualTo("=1+1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "email,first_name~a@example.com,b\"c~|inside of a cell",
                "email,first_name~a@example.com,\"b\"c~|follows a closing quote",
                "email,first_name~a@example.com,\"b~|never closed",
                "email;first_name~a@example.com;b~|separated by commas",
                "email,frist_name~a@example.com,b~|'frist_name' is not known",
                "email,email~a@example.com,b~|there twice",
                "first_name~b~|no column email",
                "''|the file is empty"
            })
    void aCsvFileThatCannotBeToldApartIsRefusedWhole(String content, String why) throws IOException {
        String good = "email,first_name\nz@example.com,\"z\"\n";
        assertThat(take(good, Format.CSV).created()).isEqualTo(1);
        assertThatThrownBy(() -> take(content.replace('~', '\n'), Format.CSV))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining(why);
        assertThat(rest.events("user.created")).isEqualTo(1);
    }

    @Test
    @DisplayName("X08 a quote that is never closed takes no memory")
    void endlessCell() {
        assertThatThrownBy(() -> take("email\n\"" + "a".repeat(3_000_000), Format.CSV))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void whoIsThereAlreadyIsSkippedUpdatedOrRefused() throws IOException {
        String ada = rest.user("ada@example.com");
        byte[] row = ("{\"email\":\"ADA@example.com\",\"first_name\":\"Ada\",\"password_hash_type\":\"bcrypt\","
                        + "\"password_hash\":\"" + BCRYPT + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(take(rest, row, options(Format.JSON_LINES)).skipped()).isEqualTo(1);
        assertThat(take(rest, row, options(Format.JSON_LINES).existing(Existing.REFUSE))
                        .refused())
                .isEqualTo(1);
        assertThat(why()).isEqualTo("[1 email email_not_available]");
        assertThat(rest.gatehouse.users().find(ada).orElseThrow().firstName()).isNull();

        String session = Rest.sessionOf(rest.signIn("ada@example.com"));
        assertThat(take(
                                rest,
                                row,
                                options(Format.JSON_LINES)
                                        .existing(Existing.UPDATE)
                                        .dry())
                        .updated())
                .isEqualTo(1);
        assertThat(rest.gatehouse.users().sessions(ada)).isNotEmpty();
        assertThat(take(rest, row, options(Format.JSON_LINES).existing(Existing.UPDATE))
                        .updated())
                .isEqualTo(1);
        assertThat(rest.gatehouse.users().find(ada).orElseThrow().firstName()).isEqualTo("Ada");
        assertThat(rest.gatehouse.users().sessions(ada)).noneMatch(s -> s.id().equals(session));
        assertThat(rest.password("ada@example.com", "U*U").status()).isEqualTo(200);
        byte[] unverified =
                "{\"email\":\"ada@example.com\",\"id\":\"user_01E4ZCR3C56J083X43JQXF3JK5\"}\n{\"email\":\"b@example.com\"}"
                        .getBytes(StandardCharsets.UTF_8);
        ImportProgress one = take(rest, unverified, options(Format.JSON_LINES).existing(Existing.UPDATE));
        assertThat(why()).isEqualTo("[1 id id_differs]");
        assertThat(one).as("the other row of its batch").isEqualTo(new ImportProgress(2, 2, 1, 0, 0, 1));
    }

    @Test
    void aDryRunFindsWhatIsWrongAndChangesNothing() throws IOException {
        byte[] rows = "{\"email\":\"a@example.com\"}\n{\"email\":\"b\"}".getBytes(StandardCharsets.UTF_8);
        ImportOptions options = options(Format.JSON_LINES);
        assertThat(take(rest, rows, options.dry())).isEqualTo(new ImportProgress(2, 2, 1, 0, 0, 1));
        assertThat(why()).isEqualTo("[2 email invalid_email]");
        assertThat(rest.events("user.created")).isZero();
        assertThat(take(rest, rows, options).created()).isEqualTo(1);
    }

    @Test
    void anImportThatWasCutOffGoesOnAndTellsItsLastRefusalsAgain() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 1_200; i++) {
            rows.append("{\"email\":\"")
                    .append(i % 400 == 7 ? "bad" : "u" + i + "@example.com")
                    .append("\"}\n");
        }
        Path file = file(rows.toString().getBytes(StandardCharsets.UTF_8));
        ImportOptions options = ImportOptions.of("cut", Format.JSON_LINES);
        List<Long> told = new ArrayList<>();
        assertThatThrownBy(() -> rest.gatehouse.portability().importUsers(file, options, new ImportListener() {
                    @Override
                    public void progress(ImportProgress now) {
                        throw new IllegalStateException("cut off after " + now.rows());
                    }
                }))
                .hasMessage("cut off after 500");
        ImportProgress done = rest.gatehouse.portability().importUsers(file, options, new ImportListener() {
            @Override
            public void started(ImportProgress soFar, long toldFrom) {
                assertThat(soFar.rows()).isEqualTo(500);
                assertThat(toldFrom).isEqualTo(1);
            }

            @Override
            public void refused(RefusedRow problem) {
                told.add(problem.row());
            }
        });
        assertThat(told).containsExactly(8L, 408L, 808L);
        assertThat(done).isEqualTo(new ImportProgress(1_200, 1_200, 1_197, 0, 0, 3));
        assertThat(rest.gatehouse.portability().importUsers(file, options, new ImportListener() {}))
                .isEqualTo(done);
        assertThat(rest.gatehouse.portability().importUsers(file, options.fromStart(), new ImportListener() {}))
                .isEqualTo(new ImportProgress(1_200, 1_200, 0, 0, 1_197, 3));
    }

    @Test
    void anotherFileDoesNotGoOnWhereThisOneWasCutOff() throws IOException {
        Path file = file("{\"email\":\"a@example.com\"}\n".repeat(600).getBytes(StandardCharsets.UTF_8));
        ImportOptions options = ImportOptions.of("cut", Format.JSON_LINES);
        assertThatThrownBy(() -> rest.gatehouse.portability().importUsers(file, options, new ImportListener() {
                    @Override
                    public void progress(ImportProgress now) {
                        throw new IllegalStateException("cut off");
                    }
                }))
                .hasMessage("cut off");
        byte[] other = "{\"email\":\"b@example.com\"}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> take(rest, other, options))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("at row 500 of another file");
        assertThat(take(rest, other, options.fromStart()).created()).isEqualTo(1);
    }
}
