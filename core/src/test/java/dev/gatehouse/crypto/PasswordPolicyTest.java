package dev.gatehouse.crypto;

import static dev.gatehouse.crypto.PasswordPolicy.Violation.PASSWORD_CONTAINS_PERSONAL_DATA;
import static dev.gatehouse.crypto.PasswordPolicy.Violation.PASSWORD_TOO_COMMON;
import static dev.gatehouse.crypto.PasswordPolicy.Violation.PASSWORD_TOO_LONG;
import static dev.gatehouse.crypto.PasswordPolicy.Violation.PASSWORD_TOO_SHORT;
import static dev.gatehouse.crypto.PasswordPolicy.Violation.PASSWORD_TOO_WEAK;
import static dev.gatehouse.crypto.PasswordPolicy.Violation.PASSWORD_UNREADABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {
    private static final List<String> ANNA = List.of("anna.smith@acme.com", "Anna", "Smith");
    private final PasswordPolicy policy = new PasswordPolicy(10, 3);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse battery staple",
                "anna-likes-purple-kangaroos",
                "kT9#vmQ2!xLp",
                "\u043f\u0430\u0440\u043e\u043b\u044c-\u0441\u043e\u0431\u0430\u043a\u0430-\u043b\u0443\u043d\u0430",
                "\u5bc6\u7801\u9a6c\u7535\u6c60\u9489\u4e66\u684c\u6708\u4eae\u6c34"
            })
    void aGoodPasswordMayBeSet(String password) {
        assertThat(policy.violations(password, ANNA)).isEmpty();
    }

    @Test
    void eachFaultHasItsStableCode() {
        assertThat(policy.violations("kT9#vmQ2!", ANNA)).contains(PASSWORD_TOO_SHORT);
        assertThat(policy.violations("x".repeat(1_025), ANNA)).containsExactly(PASSWORD_TOO_LONG);
        assertThat(policy.violations("password123", ANNA)).contains(PASSWORD_TOO_COMMON);
        assertThat(policy.violations("aaaaaaaaaaaaaaaa", ANNA)).containsExactly(PASSWORD_TOO_WEAK);
        assertThat(policy.violations("kT9#vm\ud800Q2!xLp", ANNA)).containsExactly(PASSWORD_UNREADABLE);
        assertThat(PASSWORD_TOO_SHORT.code()).isEqualTo("password_too_short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Smith2026!!", "AnnaSmith2026!", "xK9!smith#", "ACME2026!!!!", "anna.smith@acme.com"})
    void aPasswordMadeOfTheUsersNameIsRefused(String password) {
        assertThat(policy.violations(password, ANNA)).contains(PASSWORD_CONTAINS_PERSONAL_DATA);
        assertThat(policy.violations(password, List.of())).doesNotContain(PASSWORD_CONTAINS_PERSONAL_DATA);
    }

    @Test
    void lengthIsCountedInCharactersNotInCodeUnits() {
        assertThat(policy.violations("\ud83d\ude00\ud83d\ude01\ud83d\ude02\ud83d\ude03\ud83d\ude04", List.of()))
                .contains(PASSWORD_TOO_SHORT);
    }

    @Test
    void noTextTakesASecondOfProcessorTime() {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        policy.violations("warm up the dictionaries", ANNA);
        Random random = new Random(3);
        for (String alphabet :
                List.of("4@8({<[6931!|07+5$2", "aAbBcC4@8({<[6931!|07+5$2z", "aA4@", "a", "0123456789")) {
            for (int i = 0; i < 10; i++) {
                StringBuilder text = new StringBuilder();
                for (int n = 0; n < 1_000; n++) {
                    text.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                long start = clock.getCurrentThreadCpuTime();
                policy.violations(text.toString(), ANNA);
                assertThat(clock.getCurrentThreadCpuTime() - start).as(alphabet).isLessThan(1_000_000_000L);
            }
        }
    }

    @Test
    void everyListedPasswordIsRefused() throws Exception {
        List<String> listed = Files.readAllLines(Corpus.need("security/corpora/passwords/zxcvbn4j-passwords.txt"));
        assertThat(listed).hasSizeGreaterThan(10_000);
        for (String password : listed) {
            if (password.length() >= policy.minLength()) {
                assertThat(policy.violations(password, List.of())).as(password).isNotEmpty();
            }
        }
    }
}
