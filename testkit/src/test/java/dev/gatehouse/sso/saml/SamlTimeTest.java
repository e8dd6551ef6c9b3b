package dev.gatehouse.sso.saml;

import static dev.gatehouse.sso.saml.Attack.bySigner;
import static dev.gatehouse.sso.saml.Attack.misbehaves;
import static dev.gatehouse.sso.saml.Dom.attribute;
import static dev.gatehouse.sso.saml.Dom.drop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Times (ATTACKS S62 to S64). */
class SamlTimeTest {
    private static final String DATA = "SubjectConfirmationData";

    @ParameterizedTest
    @MethodSource("times")
    void isRefused(Attack attack) {
        try (SamlStage stage = new SamlStage()) {
            attack.run(stage);
        }
    }

    static List<Attack> times() {
        List<Attack> rows = new ArrayList<>(List.of(
                misbehaves("S62", Step.TIME, Misbehaviour.EXPIRED),
                misbehaves("S62", Step.TIME, Misbehaviour.NOT_YET_VALID),
                bySigner("S62", "no end of validity", Step.TIME, d -> drop(d, "Conditions", "NotOnOrAfter")),
                bySigner(
                        "S63",
                        "no end of the confirmation",
                        Step.SUBJECT_CONFIRMATION,
                        d -> drop(d, DATA, "NotOnOrAfter")),
                bySigner(
                        "S63",
                        "a beginning of the confirmation",
                        Step.SUBJECT_CONFIRMATION,
                        d -> attribute(d, DATA, "NotBefore", "2026-06-01T09:00:00Z"))));
        for (String odd : List.of(
                "2026-06-01T10:04:00",
                "2026-06-01T12:04:00+02:00",
                "2026-06-01T24:00:00Z",
                "2026-06-01T10:04:60Z",
                "99999-06-01T10:04:00Z",
                "-2026-06-01T10:04:00Z",
                "2026-06-01T10:04:00.12345678901234567890Z",
                "2026-06-31T10:04:00Z",
                "2026-06-01 10:04:00Z",
                " 2026-06-01T10:04:00Z",
                "2026-06-01T10:04:00z",
                "2026-06-01",
                "tomorrow",
                "")) {
            for (String place : List.of(
                    "Conditions/NotOnOrAfter",
                    DATA + "/NotOnOrAfter",
                    "Conditions/NotBefore",
                    "Assertion/IssueInstant",
                    "AuthnStatement/AuthnInstant")) {
                String[] parts = place.split("/");
                rows.add(bySigner(
                        "S64", place + " '" + odd + "'", Step.TIME, d -> attribute(d, parts[0], parts[1], odd)));
            }
        }
        return rows;
    }

    /** At the edges of the skew: seconds from now, and whether that is accepted with 30 seconds of skew. */
    @ParameterizedTest
    @DisplayName("S62 times at the edges of the skew")
    @CsvSource({
        "Conditions, NotOnOrAfter, -29, true",
        "Conditions, NotOnOrAfter, -30, false",
        "Conditions, NotBefore, 30, true",
        "Conditions, NotBefore, 31, false",
        "SubjectConfirmationData, NotOnOrAfter, -29, true",
        "SubjectConfirmationData, NotOnOrAfter, -30, false",
        "Assertion, IssueInstant, 30, true",
        "Assertion, IssueInstant, 31, false",
        "Assertion, IssueInstant, -3629, true",
        "Assertion, IssueInstant, -3630, false",
        "Response, IssueInstant, 31, false",
        "Response, IssueInstant, -3630, false",
        "AuthnStatement, AuthnInstant, 30, true",
        "AuthnStatement, AuthnInstant, 31, false",
        "AuthnStatement, AuthnInstant, -86400, true",
        "AuthnStatement, SessionNotOnOrAfter, -29, true",
        "AuthnStatement, SessionNotOnOrAfter, -30, false"
    })
    void edges(String element, String attribute, int seconds, boolean accepted) {
        try (SamlStage stage = new SamlStage()) {
            stage.options = new SamlOptions(false, false, false, Duration.ofSeconds(30), null, false, null);
            assertThat(stage.signIn()).isNotNull();
            Instant time = stage.now().plusSeconds(seconds);
            stage.idp.unsigned(d -> attribute(d, element, attribute, time.toString()));
            if (accepted) {
                assertThat(stage.signIn()).isNotNull();
            } else {
                stage.refused(Step.TIME);
            }
        }
    }
}
