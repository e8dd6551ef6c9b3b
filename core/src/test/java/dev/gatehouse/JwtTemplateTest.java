package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.Rest.Reply;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claims of the application's own in access tokens (contract/behaviour/03 §3.9). */
class JwtTemplateTest {
    private static final String PATH = "/user_management/jwt_template";
    private static final String ADA = "ada@example.com";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rest rest = new Rest();

    @AfterEach
    void close() {
        rest.close();
    }

    private Reply put(String template) {
        try {
            return rest.call("PUT", PATH, JSON.writeValueAsString(Map.of("content", template)));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode claims(Reply in) {
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        try {
            return JSON.readTree(
                    Base64.getUrlDecoder().decode(in.text("/access_token").split("\\.", -1)[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void ada() {
        rest.made("/user_management/users", """
                {"email":"%s","password":"%s","first_name":" Ada ","external_id":"x-1","metadata":{"plan":"pro","n":"7"}}""".formatted(ADA, Rest.PASSWORD));
    }

    @Test
    void valuesStringsAlternativesAndWhatIsNull() {
        ada();
        assertThat(rest.get(PATH).status()).isEqualTo(404);
        Reply set = put("""
                {"aud": "https://app.example", "plan": {{ user.metadata.plan }}, "hello": "  Hi {{ user.first_name }}! ",
                 "name": {{ user.last_name || user.first_name || 'nobody' }}, "gone": {{ organization.name }},
                 "who": "{{ user.last_name || 'a' }}-{{ organization.id }}", "nested": {"x": [1, true, {{ user.metadata }}],
                 "none": {{ user.last_name }}}, "quote": "\\"\\u00e9{{ user.external_id }}", "org_id": "mine"}""");
        assertThat(set.status()).as(set.json().toString()).isEqualTo(200);
        assertThat(set.text("/object")).isEqualTo("jwt_template");
        assertThat(rest.get(PATH).text("/content")).isEqualTo(set.text("/content"));
        JsonNode claims = claims(rest.password(ADA, Rest.PASSWORD));
        assertThat(claims.path("aud").asText()).isEqualTo("https://app.example");
        assertThat(claims.path("plan").asText()).isEqualTo("pro");
        assertThat(claims.path("hello").asText()).as("trimmed").isEqualTo("Hi Ada!");
        assertThat(claims.path("name").asText()).isEqualTo("Ada");
        assertThat(claims.has("gone")).isFalse();
        assertThat(claims.path("who").asText()).isEqualTo("a-");
        assertThat(claims.at("/nested/x/2/n").asText()).isEqualTo("7");
        assertThat(claims.at("/nested/none").isNull()).isTrue();
        assertThat(claims.path("quote").asText()).isEqualTo("\"éx-1");
        assertThat(claims.path("org_id").asText()).as("may be replaced").isEqualTo("mine");
        assertThat(claims.path("sub").asText()).startsWith("user_");
    }

    @Test
    void theOrganizationAndItsMembership() {
        String user = rest.user(ADA);
        rest.member(user, rest.organization("Acme"));
        put("{\"org\": {{organization.name}}, \"role\": {{organization_membership.role.slug}}}");
        Reply in = rest.signIn(ADA);
        assertThat(claims(in).path("org").asText()).isEqualTo("Acme");
        assertThat(claims(in).path("role").asText()).isEqualTo("member");
        put("{\"org\": \"changed\"}");
        assertThat(claims(rest.refresh(in.text("/refresh_token"))).path("org").asText())
                .as("a refresh renders anew")
                .isEqualTo("changed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{};Template must render to an object",
                "[1];Template must render to an object",
                "{{ user }};Template must render to an object",
                "{\"sub\": \"x\"};Keys reserved",
                "{\"sid\": {{ user.metadata.sid }}};Keys reserved",
                "{\"act\": {\"sub\": \"x\"}};Keys reserved",
                "{\"a\": {{ }}};Expression cannot be empty",
                "{\"a\": {{ user.email };missing '}}'",
                "{\"a\": {{ user..email }}};Invalid expression segment",
                "{\"a\": {{ user.email | upper }}};Invalid expression segment",
                "{\"a\": {{ 'it's' }}};Invalid expression segment",
                "{\"a\": {{ user.password }}};Invalid path: \"user.password\"",
                "{\"a\": {{ user.email.x }}};Invalid path: \"user.email.x\"",
                "{\"a\": {{ secrets }}};Invalid path: \"secrets\"",
                "{\"a\": {{ user.identities.Nobody }}};Invalid path",
                "{\"a\": \"{{ user.metadata }}\"};cannot contain object reference",
                "{\"{{user.id}}\": 1};a key cannot hold an expression",
                "{\"a\": 1, \"a\": 2};defined twice",
                "{\"a\": 1} x;Template parse error",
                "{\"a\": 01};Template parse error",
                "{\"a\": NaN};Template parse error",
                "{\"a\": \"x};Template parse error",
                "{'a': 1};Template parse error"
            })
    void malformed(String template, String message) {
        assertThat(put("{\"fine\": 1}").status()).isEqualTo(200);
        Reply refused = put(template);
        assertThat(refused.status()).as(refused.json().toString()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("invalid_request_parameters");
        assertThat(refused.text("/errors/0/message")).contains(message);
        assertThat(rest.get(PATH).text("/content")).isEqualTo("{\"fine\": 1}");
    }

    @Test
    @DisplayName("a nest of any depth is refused, not recursed into")
    void deep() {
        assertThat(put("{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}").status())
                .isEqualTo(200);
        assertThat(put("{\"a\":" + "[".repeat(9_000) + "]".repeat(9_000) + "}").status())
                .isEqualTo(422);
    }

    @Test
    @DisplayName("a token that would be too big costs neither session nor refresh token")
    void tooBig() {
        ada();
        put("{\"plan\": {{ user.metadata.plan }}}");
        Reply in = rest.password(ADA, Rest.PASSWORD);
        put("{\"big\": \"" + "{{ user.email }}".repeat(500) + "\"}");
        Reply refused = rest.password(ADA, Rest.PASSWORD);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error")).isEqualTo("token_too_big");
        assertThat(rest.refresh(in.text("/refresh_token")).text("/error")).isEqualTo("token_too_big");
        rest.gatehouse.setJwtTemplate(null);
        assertThat(rest.get(PATH).status()).isEqualTo(404);
        rest.clock.pass(java.time.Duration.ofMinutes(5));
        assertThat(claims(rest.refresh(in.text("/refresh_token"))).has("big")).isFalse();
    }
}
