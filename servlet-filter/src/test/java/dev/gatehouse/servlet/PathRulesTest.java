package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PathRulesTest {
    private static House house;
    private static SignedIn admin;
    private static SignedIn member;
    private static SignedIn alone;

    @BeforeAll
    static void open() {
        house = new House(Map.of());
        admin = house.who(house.cookie(user("admin"), "admin"));
        member = house.who(house.cookie(user("member"), "member"));
        alone = house.who(house.cookie(user("alone")));
    }

    private static User user(String name) {
        return house.user(name + "@example.com");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void aRestrictedPathIsNeverPublic() {
        PathRules rules = new PathRules(List.of("/*"), List.of("/team/*"), List.of("/admin/*=admin"), List.of());
        assertThat(rules.judge("/", null, false)).isEqualTo(PathRules.Verdict.PASS);
        assertThat(rules.judge("/x/y", null, false)).isEqualTo(PathRules.Verdict.PASS);
        assertThat(rules.judge("/admin", null, false)).isEqualTo(PathRules.Verdict.SIGN_IN);
        assertThat(rules.judge("/admin/x", member, false)).isEqualTo(PathRules.Verdict.ROLE);
        assertThat(rules.judge("/admin/x", admin, false)).isEqualTo(PathRules.Verdict.PASS);
        assertThat(rules.judge("/team/x", null, false)).isEqualTo(PathRules.Verdict.SIGN_IN);
        assertThat(rules.judge("/team/x", alone, false)).isEqualTo(PathRules.Verdict.ORGANIZATION);
        assertThat(rules.judge("/team/x", member, false)).isEqualTo(PathRules.Verdict.PASS);
        assertThat(rules.judge("/administration", null, false)).isEqualTo(PathRules.Verdict.PASS);
    }

    @Test
    void aTrailingSlashDoesNotLeaveARestriction() {
        PathRules rules = new PathRules(List.of("/about"), List.of("/team"), List.of("/admin=admin"), List.of());
        assertThat(rules.judge("/admin/", member, false)).isEqualTo(PathRules.Verdict.ROLE);
        assertThat(rules.judge("/team/", alone, false)).isEqualTo(PathRules.Verdict.ORGANIZATION);
        assertThat(rules.judge("/about/", null, false))
                .as("but none is public by it")
                .isEqualTo(PathRules.Verdict.SIGN_IN);
    }

    @Test
    void theFirstRoleThatFitsCounts() {
        PathRules rules =
                new PathRules(List.of(), List.of(), List.of("/admin/notes/*=member", "/admin/*=admin"), List.of());
        assertThat(rules.judge("/admin/notes/1", member, false)).isEqualTo(PathRules.Verdict.PASS);
        assertThat(rules.judge("/admin/users", member, false)).isEqualTo(PathRules.Verdict.ROLE);
    }
}
