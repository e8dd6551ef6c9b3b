package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.identity.Step;
import dev.gatehouse.passkeys.Passkey;
import dev.gatehouse.portability.Format;
import dev.gatehouse.portability.ImportListener;
import dev.gatehouse.portability.ImportOptions;
import dev.gatehouse.portability.ImportOptions.Existing;
import dev.gatehouse.portability.ImportProgress;
import dev.gatehouse.portability.Portability.ExportOptions;
import dev.gatehouse.portability.RefusedRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Passkeys go to another installation, and the authenticators that people have work there. */
class PortablePasskeysTest {
    @TempDir
    Path folder;

    private final PasskeyStage from = new PasskeyStage();
    private final PasskeyStage to = new PasskeyStage();
    private final SoftwareAuthenticator phone = PasskeyStage.phone();
    private final List<String> refused = new ArrayList<>();
    private int files;

    @AfterEach
    void close() {
        from.close();
        to.close();
    }

    private static String export(PasskeyStage stage) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        stage.gatehouse.portability().exportUsers(out, new ExportOptions(Format.JSON_LINES, false));
        return out.toString(StandardCharsets.UTF_8);
    }

    private ImportProgress take(String rows, Existing existing) throws IOException {
        refused.clear();
        Path file = Files.writeString(folder.resolve("file" + files++), rows);
        ImportOptions options =
                ImportOptions.of("import " + files, Format.JSON_LINES).existing(existing);
        ImportProgress dry = to.gatehouse.portability().importUsers(file, options.dry(), new ImportListener() {});
        ImportProgress done = to.gatehouse.portability().importUsers(file, options, new ImportListener() {
            @Override
            public void refused(RefusedRow r) {
                refused.add(r.line() + " " + r.field() + " " + r.code());
            }
        });
        assertThat(dry).as("a dry run foretells it").isEqualTo(done);
        return done;
    }

    @ParameterizedTest
    @EnumSource(names = {"ES256", "EDDSA", "RS256"})
    void anImportedPasskeySignsIn(SoftwareAuthenticator.Algorithm algorithm) throws IOException {
        String ada = from.user("ada@example.com");
        from.enroll(ada, phone.algorithm(algorithm));
        from.enroll(ada, PasskeyStage.phone());
        from.pass(Duration.ofMinutes(1));
        to.pass(Duration.ofMinutes(2));
        assertThat(from.signedIn(phone)).isEqualTo(ada);
        String first = export(from);
        assertThat(first)
                .contains("\"last_used_at\":\"2026-06-01T10:01:00.000Z\"")
                .doesNotContain("null");
        assertThat(PasskeyStage.refused(() -> to.signIn(phone))).startsWith("unknown_passkey");

        assertThat(take(first, Existing.SKIP)).as("" + refused).isEqualTo(new ImportProgress(1, 1, 1, 0, 0, 0));

        assertThat(export(to)).isEqualTo(first);
        assertThat(to.passkeys.list(ada)).isEqualTo(from.passkeys.list(ada));
        assertThat(to.signedIn(phone)).isEqualTo(ada);
        assertThat(to.signIn(phone)).isInstanceOf(Step.Finished.class);
    }

    @Test
    void aCounterThatWentBackIsNoticedThereToo() throws IOException {
        String ada = from.user("ada@example.com");
        from.enroll(ada, phone);
        String row = export(from).replaceFirst("\"sign_count\":[0-9]+", "\"sign_count\":4294967295");
        assertThat(take(row, Existing.SKIP).created()).as("" + refused).isEqualTo(1);
        assertThat(to.passkeys.list(ada).get(0).signCount()).isEqualTo(4_294_967_295L);
        assertThat(PasskeyStage.refused(() -> to.signIn(phone))).contains("counter went back");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"credential_id\":\"[^\"]*\"|\"credential_id\":\"AA==\"|passkeys.credential_id credential_id_invalid",
                "\"credential_id\":\"[^\"]*\",||passkeys.credential_id passkeys_credential_id_string_required",
                "\"public_key\":\"...|\"public_key\":\"AAA|passkeys.public_key public_key_invalid",
                "\"public_key\":\"[^\"]*\"|\"public_key\":\"oA\"|passkeys.public_key public_key_invalid",
                "\"sign_count\":[0-9]*|\"sign_count\":4294967296|passkeys.sign_count sign_count_invalid",
                "\"sign_count\":[0-9]*|\"sign_count\":\"1\"|passkeys.sign_count passkeys_sign_count_integer_required",
                "\"transports\":\\[|\"transports\":[\"A B\",|passkeys.transports transports_invalid",
                "\"aaguid\":\"|\"aaguid\":\"x|passkeys.aaguid aaguid_invalid",
                "\"backup_eligible\":true|\"backup_eligible\":false|passkeys.backed_up backed_up_invalid",
                "\"backup_eligible\":true,||passkeys.backup_eligible passkeys_backup_eligible_required",
                "\"name\":\"Phone\"|\"name\":\" Phone\"|passkeys.name invalid_passkey_name",
                "\"name\":\"Phone\"|\"name\":\"Phone\",\"rp_id\":\"x\"|passkeys.rp_id unknown_field",
                "\"id\":\"passkey_[^\"]*\"|\"id\":\"passkey_1\"|passkeys.id id_invalid",
                "\"id\":\"user_[^\"]*\",||id id_required"
            })
    void aPasskeyThatCouldNotBeMadeHereIsRefused(String part, String instead, String why) throws IOException {
        from.enroll(from.user("ada@example.com"), phone);
        String row = export(from);
        String wrong = row.replaceFirst(part, instead == null ? "" : instead);
        assertThat(wrong).isNotEqualTo(row);
        assertThat(take(wrong, Existing.SKIP).refused()).isEqualTo(1);
        assertThat(refused).containsExactly("1 " + why);
        assertThat(take(row, Existing.SKIP).created()).as("as it was").isEqualTo(1);
    }

    @Test
    void aPasskeyOfSomebodyElseIsNotTaken() throws IOException {
        String ada = from.user("ada@example.com");
        from.enroll(ada, phone);
        String row = export(from);
        String eve = row.replace(ada, "user_01E4ZCR3C56J083X43JQXF3JK5").replace("ada@", "eve@");
        assertThat(take(row + eve, Existing.SKIP)).isEqualTo(new ImportProgress(2, 2, 1, 0, 0, 1));
        assertThat(refused).containsExactly("2 passkeys.credential_id passkey_already_registered");
        assertThat(take(eve, Existing.UPDATE).refused()).isEqualTo(1);
        assertThat(to.signedIn(phone)).isEqualTo(ada);
    }

    @Test
    void anUpdateAddsPasskeysAndLeavesThoseThatAreThere() throws IOException {
        String ada = from.user("ada@example.com");
        from.enroll(ada, phone);
        String old = export(from);
        assertThat(take(old, Existing.SKIP).created()).isEqualTo(1);
        SoftwareAuthenticator key = PasskeyStage.phone();
        from.enroll(ada, key);
        to.pass(Duration.ofMinutes(1));
        assertThat(to.signedIn(phone)).isEqualTo(ada);
        Passkey used = to.passkeys.list(ada).get(0);
        assertThat(take(export(from), Existing.UPDATE).updated())
                .as("" + refused)
                .isEqualTo(1);
        assertThat(to.passkeys.list(ada)).hasSize(2).first().isEqualTo(used);
        assertThat(to.signedIn(key)).isEqualTo(ada);
        assertThat(to.signedIn(phone)).isEqualTo(ada);
    }
}
