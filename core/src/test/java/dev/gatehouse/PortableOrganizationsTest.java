package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.portability.Format;
import dev.gatehouse.portability.ImportListener;
import dev.gatehouse.portability.ImportOptions;
import dev.gatehouse.portability.ImportOptions.Existing;
import dev.gatehouse.portability.ImportProgress;
import dev.gatehouse.portability.Portability.ExportOptions;
import dev.gatehouse.portability.Portability.Exported;
import dev.gatehouse.portability.RefusedRow;
import dev.gatehouse.store.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Organizations and memberships in files. */
class PortableOrganizationsTest {
    private static final String ORG = "org_01E4ZCR3C56J083X43JQXF3JK5";
    private static final String ADA = "user_01E4ZCR3C56J083X43JQXF3JK5";

    @TempDir
    Path folder;

    private final MemoryStorage storage = new MemoryStorage();
    private final Rest rest = new Rest(storage, "staging");
    private final List<String> refused = new ArrayList<>();
    private int files;

    @AfterEach
    void close() {
        rest.close();
    }

    private ImportProgress take(Rest into, ImportOptions options, String... rows) throws IOException {
        refused.clear();
        Path file = Files.writeString(folder.resolve("file" + files++), String.join("\n", rows));
        return into.gatehouse.portability().importUsers(file, options, new ImportListener() {
            @Override
            public void refused(RefusedRow r) {
                refused.add(r.line() + " " + r.field() + " " + r.code());
            }
        });
    }

    private ImportOptions options() {
        return ImportOptions.of("import " + files, Format.JSON_LINES);
    }

    private ImportProgress lines(String... rows) throws IOException {
        return take(rest, options(), rows);
    }

    private static String export(Rest from) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        from.gatehouse.portability().exportUsers(out, new ExportOptions(Format.JSON_LINES, false));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String organization(String more) {
        return "{\"object\":\"organization\",\"name\":\"Acme\"," + more + "}";
    }

    private static String member(String email, String more) {
        return "{\"email\":\"" + email + "\",\"organization_memberships\":[{" + more + "}]}";
    }

    private String everything() throws IOException {
        String acme = rest.made("/organizations", """
                {"name":"Acme","external_id":"acme-1","metadata":{"b":"2","a":"1"},"allow_profiles_outside_organization":true,\
                "domain_data":[{"domain":"acme.example","state":"verified"},{"domain":"acme.test","state":"pending"}]}""").text("/id");
        rest.gatehouse
                .organizations()
                .demand(
                        acme,
                        SignInPolicy.NONE
                                .withMfa("required")
                                .withMethods(Set.of("password", "passkey"))
                                .withSessions(Duration.ofHours(8), Duration.ofMinutes(30)));
        String plain = rest.organization("Plain");
        String ada = rest.user("ada@example.com");
        String bob = rest.user("bob@example.com");
        rest.made(
                "/user_management/organization_memberships",
                "{\"user_id\":\"%s\",\"organization_id\":\"%s\",\"role_slug\":\"admin\"}".formatted(ada, acme));
        rest.member(ada, plain);
        String seat = rest.member(bob, acme);
        rest.call("PUT", "/user_management/organization_memberships/" + seat + "/deactivate", "");
        return acme;
    }

    @Test
    void whatGoesOutComesInAndOutAgainTheSame() throws IOException {
        String acme = everything();
        String first = export(rest);
        assertThat(first.lines().toList()).hasSize(4).first().asString().startsWith("{\"object\":\"organization\"");
        assertThat(first).contains("\"session_length\":\"PT8H\"", "\"status\":\"inactive\"", "\"verification_token\"");
        assertThat(first).as("what is null is left out, inside of rows too").doesNotContain("null");
        try (Rest into = new Rest(new MemoryStorage(), "staging")) {
            assertThat(take(into, options(), first)).as("" + refused).isEqualTo(new ImportProgress(4, 4, 4, 0, 0, 0));
            assertThat(export(into)).isEqualTo(first);
            assertThat(into.events("organization.created")).isEqualTo(2);
            assertThat(into.events("organization_domain.created")).isEqualTo(2);
            assertThat(into.events("organization_domain.verified")).isEqualTo(1);
            assertThat(into.events("organization_membership.created")).isEqualTo(3);
            assertThat(take(into, options(), first)).isEqualTo(new ImportProgress(4, 4, 0, 0, 4, 0));
            assertThat(take(into, options().existing(Existing.UPDATE), first))
                    .isEqualTo(new ImportProgress(4, 4, 0, 4, 0, 0));
            assertThat(export(into))
                    .as("an update with the same changes nothing")
                    .isEqualTo(first);

            String admin = into.gatehouse.organizations().members(acme).get(0).id();
            assertThat(into.get("/authorization/organization_memberships/" + admin + "/role_assignments")
                            .text("/data/0/role/slug"))
                    .as("granted as if by hand")
                    .isEqualTo("admin");
            // the index of users by organization, the policy and the roles are in force
            assertThat(into.get("/user_management/users?organization_id=" + acme)
                            .json()
                            .at("/data"))
                    .hasSize(2);
            assertThat(into.password("bob@example.com", Rest.PASSWORD).text("/organization_id"))
                    .isEmpty();
            String pending = into.password("ada@example.com", Rest.PASSWORD).text("/pending_authentication_token");
            assertThat(into.choose(pending, acme).text("/code")).isEqualTo("mfa_enrollment");
        }
    }

    @Test
    void exportedSaysHowMuch() throws IOException {
        everything();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(rest.gatehouse.portability().exportUsers(out, new ExportOptions(Format.JSON_LINES, false)))
                .isEqualTo(new Exported(2, 2));
        out.reset();
        assertThat(rest.gatehouse.portability().exportUsers(out, new ExportOptions(Format.CSV, false)))
                .isEqualTo(new Exported(0, 2));
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("Acme", "org_");
    }

    @Test
    void rowsOfOtherSystemsKnowOrganizationsByExternalId() throws IOException {
        assertThat(lines(
                                organization(
                                        "\"external_id\":\"a1\",\"domains\":[{\"domain\":\"Acme.example\",\"state\":\"pending\"}]"),
                                member(
                                        "ada@example.com",
                                        "\"organization_external_id\":\"a1\",\"role_slugs\":[\"admin\"]"))
                        .created())
                .as("" + refused)
                .isEqualTo(2);
        String ada = rest.gatehouse
                .users()
                .findByEmail("ada@example.com")
                .orElseThrow()
                .id();
        Membership seat = rest.gatehouse.organizations().ofUser(ada).get(0);
        assertThat(seat.roles()).containsExactly("admin");
        assertThat(seat.status()).isEqualTo("active");
        assertThat(rest.get("/organizations/" + seat.organizationId())
                        .json()
                        .at("/domains/0/verification_token")
                        .asText())
                .hasSize(25);
    }

    @Test
    void refusals() throws IOException {
        assertThat(lines(
                                organization(
                                        "\"id\":\"" + ORG
                                                + "\",\"external_id\":\"x\",\"domains\":[{\"domain\":\"acme.example\",\"state\":\"verified\"}]"))
                        .created())
                .isEqualTo(1);
        String here = "\"organization_id\":\"" + ORG + "\"";
        ImportProgress done = lines(
                organization("\"metadata\":{}"),
                organization("\"id\":\"org_1\""),
                organization("\"external_id\":\"y\",\"nmae\":\"x\""),
                organization("\"external_id\":\"y\",\"policy\":{\"mfa\":\"never\"}"),
                organization("\"external_id\":\"y\",\"policy\":{\"mfaa\":\"off\"}"),
                organization("\"external_id\":\"y\",\"policy\":{\"session_length\":\"a day\"}"),
                organization("\"external_id\":\"y\",\"domains\":[{\"domain\":\"gmail.com\",\"state\":\"verified\"}]"),
                organization("\"external_id\":\"y\",\"domains\":[{\"domain\":\"a.example\",\"state\":\"proved\"}]"),
                organization("\"external_id\":\"y\",\"domains\":[{\"domain\":\"ACME.example\",\"state\":\"pending\"}]"),
                organization("\"id\":\"org_01E4ZCR3C56J083X43JQXF3JK6\",\"external_id\":\"x\""),
                member("a@example.com", "\"organization_id\":\"org_01E4ZCR3C56J083X43JQXF3JK9\""),
                member("a@example.com", here + ",\"status\":\"gone\""),
                member("a@example.com", here + ",\"role_slugs\":[\"king\"]"),
                member("a@example.com", here + ",\"role\":\"admin\""),
                member("a@example.com", here + "},{" + here),
                member("a@example.com", here + "},{\"organization_external_id\":\"x\""),
                member("a@example.com", "\"status\":\"active\""),
                member("a@example.com", here + ",\"id\":\"om_01E4ZCR3C56J083X43JQXF3JK5\""),
                member("b@example.com", here + ",\"id\":\"om_01E4ZCR3C56J083X43JQXF3JK5\""));
        assertThat(refused)
                .containsExactly(
                        "1 id id_or_external_id_required",
                        "2 id id_invalid",
                        "3 nmae unknown_field",
                        "4 mfa invalid_mfa",
                        "5 policy.mfaa unknown_field",
                        "6 policy.session_length invalid_session_length",
                        "7 domain consumer_domain_forbidden",
                        "8 domains.state invalid_state",
                        "9 domains.domain domain_already_exists",
                        "10 external_id external_id_already_used",
                        "11 organization_memberships.organization_id organization_not_found",
                        "12 organization_memberships.status status_invalid",
                        "13 organization_memberships.role_slugs invalid_role",
                        "14 organization_memberships.role unknown_field",
                        "15 organization_memberships organization_membership_already_exists",
                        "16 organization_memberships organization_membership_already_exists",
                        "17 organization_memberships.organization_id organization_id_required",
                        "19 organization_memberships.id id_already_used");
        assertThat(done).isEqualTo(new ImportProgress(19, 19, 1, 0, 0, 18));
        assertThat(rest.events("organization.created")).isEqualTo(1);
    }

    @Test
    void anUpdateAddsAndChangesAndEndsSessionsOfWhoIsOut() throws IOException {
        String acme = everything();
        String ada = rest.gatehouse
                .users()
                .findByEmail("ada@example.com")
                .orElseThrow()
                .id();
        String dora = rest.user("dora@example.com");
        String plain = rest.gatehouse.organizations().ofUser(ada).get(1).organizationId();
        rest.member(dora, plain);
        assertThat(rest.signIn("dora@example.com").text("/organization_id")).isEqualTo(plain);
        assertThat(rest.gatehouse.users().sessions(dora)).hasSize(1);
        ImportProgress done = take(
                rest,
                options().existing(Existing.UPDATE),
                "{\"object\":\"organization\",\"id\":\"" + acme + "\",\"name\":\"Acme & Co\","
                        + "\"domains\":[{\"domain\":\"acme.test\",\"state\":\"verified\"},{\"domain\":\"new.example\",\"state\":\"pending\"}]}",
                member("dora@example.com", "\"organization_id\":\"" + plain + "\",\"status\":\"inactive\""),
                member("bob@example.com", "\"organization_id\":\"" + plain + "\""),
                member(
                        "ada@example.com",
                        "\"organization_id\":\"" + plain + "\",\"id\":\"om_01E4ZCR3C56J083X43JQXF3JK5\""));
        assertThat(refused).containsExactly("4 organization_memberships.id id_differs");
        assertThat(done).isEqualTo(new ImportProgress(4, 4, 0, 3, 0, 1));
        assertThat(rest.gatehouse.users().sessions(dora)).isEmpty();
        String now = rest.get("/organizations/" + acme).json().toString();
        assertThat(now).contains("Acme & Co", "new.example", "acme.example");
        assertThat(rest.get("/organizations?domains=new.example").json().at("/data"))
                .hasSize(1);
        assertThat(now).doesNotContain("\"state\":\"pending\",\"verification_token\":null");
        assertThat(rest.events("organization_domain.verified")).isEqualTo(2);
        assertThat(rest.get("/user_management/users?organization_id=" + plain)
                        .json()
                        .at("/data"))
                .hasSize(3);
    }

    @Test
    @DisplayName("T01 rows never reach another environment, whatever ids they name")
    void environmentsAreApart() throws IOException {
        String row = organization("\"id\":\"" + ORG
                + "\",\"external_id\":\"x\",\"domains\":[{\"domain\":\"acme.example\",\"state\":\"verified\"}]");
        String ada = "{\"id\":\"" + ADA
                + "\",\"email\":\"ada@example.com\",\"first_name\":\"Ada\",\"organization_memberships\":"
                + "[{\"organization_id\":\"" + ORG + "\",\"id\":\"om_01E4ZCR3C56J083X43JQXF3JK5\"}]}";
        assertThat(lines(row, ada).created()).isEqualTo(2);
        String here = export(rest);
        try (Rest other = new Rest(storage, "other")) {
            assertThat(export(other)).isEmpty();
            assertThat(take(other, options().existing(Existing.UPDATE), ada).refused())
                    .isEqualTo(1);
            assertThat(refused)
                    .as("the organization of the other environment is none here")
                    .containsExactly("1 organization_memberships.organization_id organization_not_found");
            assertThat(take(other, options().existing(Existing.UPDATE), row, ada.replace("Ada", "Eve")))
                    .isEqualTo(new ImportProgress(2, 2, 2, 0, 0, 0));
            assertThat(export(other)).contains("Eve").contains(ORG);
            assertThat(export(rest)).isEqualTo(here);
        }
    }

    /** What a dry run has nothing against is imported without a refusal; what it has, is refused. */
    private void foretold(Existing existing, String... rows) throws IOException {
        // batches end at 500 rows: once all in one batch, once each in another
        List<String> apart = new ArrayList<>();
        for (String row : rows) {
            apart.add(row);
            for (int i = 0; i < 499; i++) {
                apart.add("[]");
            }
        }
        for (String[] file : List.of(rows, apart.toArray(String[]::new))) {
            String before = export(rest);
            ImportProgress dry = take(rest, options().existing(existing).dry(), file);
            List<String> foreseen =
                    refused.stream().filter(r -> !r.endsWith("object_required")).toList();
            assertThat(export(rest)).isEqualTo(before);
            try (Rest real = new Rest(new MemoryStorage(), "staging")) {
                take(real, options(), before);
                ImportProgress done = take(real, options().existing(existing), file);
                assertThat(refused.stream()
                                .filter(r -> !r.endsWith("object_required"))
                                .toList())
                        .isEqualTo(foreseen);
                assertThat(dry).isEqualTo(done);
            }
        }
    }

    @Test
    void aDryRunForetellsClashesOfRowsWithEachOther() throws IOException {
        String one = organization("\"id\":\"" + ORG
                + "\",\"external_id\":\"x\",\"domains\":[{\"domain\":\"acme.example\",\"state\":\"verified\"}]");
        String[] rows = {
            one,
            organization("\"external_id\":\"y\",\"domains\":[{\"domain\":\"acme.example\",\"state\":\"pending\"}]"),
            organization("\"id\":\"org_01E4ZCR3C56J083X43JQXF3JK6\",\"external_id\":\"x\""),
            one,
            member("ada@example.com", "\"organization_external_id\":\"x\",\"id\":\"om_01E4ZCR3C56J083X43JQXF3JK5\""),
            member("bob@example.com", "\"organization_id\":\"" + ORG + "\",\"id\":\"om_01E4ZCR3C56J083X43JQXF3JK5\""),
            member("bob@example.com", "\"organization_id\":\"org_01E4ZCR3C56J083X43JQXF3JK6\""),
            "{\"email\":\"c@example.com\",\"external_id\":\"c\",\"id\":\"" + ADA + "\"}",
            "{\"email\":\"d@example.com\",\"external_id\":\"c\"}",
            "{\"email\":\"d@example.com\",\"id\":\"" + ADA + "\"}",
            "{\"email\":\"C@example.com\"}",
            member("e@example.com", "\"organization_id\":\"" + ORG + "\"")
        };
        foretold(Existing.SKIP, rows);
        assertThat(refused.stream()
                        .map(r -> r.substring(r.indexOf(' ') + 1))
                        .filter(r -> !r.endsWith("object_required")))
                .containsExactly(
                        "domains.domain domain_already_exists",
                        "external_id external_id_already_used",
                        "organization_memberships.id id_already_used",
                        "organization_memberships.organization_id organization_not_found",
                        "external_id external_id_already_used",
                        "id id_already_used");
        foretold(Existing.REFUSE, rows);
    }

    @Test
    void aDryRunForetellsWhatOnlyAnUpdateMeets() throws IOException {
        everything();
        rest.made(
                "/user_management/users",
                "{\"email\":\"v@example.com\",\"email_verified\":true,\"external_id\":\"v\"}");
        StringBuilder many = new StringBuilder("\"k0\":\"v\"");
        for (int i = 1; i < 50; i++) {
            many.append(",\"k").append(i).append("\":\"v\"");
        }
        rest.made("/user_management/users", "{\"email\":\"m@example.com\",\"metadata\":{" + many + "}}");
        String[] rows = {
            "{\"email\":\"v@example.com\",\"email_verified\":false}",
            "{\"email\":\"ada@example.com\",\"external_id\":\"v\"}",
            "{\"email\":\"m@example.com\",\"metadata\":{\"one\":\"more\"}}",
            "{\"email\":\"bob@example.com\",\"id\":\"" + ADA + "\"}",
            member("bob@example.com", "\"organization_id\":\"" + ORG + "\""),
            "{\"email\":\"new@example.com\"}"
        };
        foretold(Existing.UPDATE, rows);
        assertThat(refused.stream()
                        .map(r -> r.substring(r.indexOf(' ') + 1))
                        .filter(r -> !r.endsWith("object_required")))
                .containsExactly(
                        " email_already_verified",
                        " external_id_already_used",
                        " invalid_metadata",
                        "id id_differs",
                        "organization_memberships.organization_id organization_not_found");
    }

    @Test
    void aDryRunOfUpdatesAsksWhichOfTwoRowsShallCount() throws IOException {
        String[] rows = {
            "{\"email\":\"a@example.com\",\"first_name\":\"A\"}", "{\"email\":\"A@example.com\",\"first_name\":\"B\"}"
        };
        assertThat(take(rest, options().existing(Existing.UPDATE).dry(), rows[0])
                        .refused())
                .isZero();
        assertThat(take(rest, options().existing(Existing.UPDATE).dry(), rows))
                .isEqualTo(new ImportProgress(2, 2, 1, 0, 0, 1));
        assertThat(refused).containsExactly("2 email email_repeated");
        assertThat(rest.gatehouse.users().findByEmail("a@example.com")).isEmpty();
    }
}
