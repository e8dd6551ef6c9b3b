package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {
    private record Settings(String name, Secret key) {}

    @Test
    void itIsHiddenWhereverItIsPrinted() {
        Secret secret = Secret.of("hunter2");
        assertThat(new Settings("mail", secret).toString())
                .contains("Secret[hidden]")
                .doesNotContain("hunter2");
        assertThat(String.format("%s", secret)).isEqualTo("Secret[hidden]");
    }

    @Test
    void itIsReadWithTheCapability() {
        assertThat(Secret.of("h\u00fcnter2").text(RevealSecret.access())).isEqualTo("h\u00fcnter2");
    }

    @Test
    void neitherTheSourceNorTheReaderCanChangeIt() {
        byte[] source = {1, 2, 3};
        Secret secret = Secret.of(source);
        source[0] = 9;
        secret.bytes(RevealSecret.access())[1] = 9;
        assertThat(secret.bytes(RevealSecret.access())).containsExactly(1, 2, 3);
    }

    @Test
    void sameIsByContentAndHashCodeIsNot() {
        Secret one = Secret.of("a value");
        Secret other = Secret.of("a value");
        assertThat(one.sameAs(other)).isTrue();
        assertThat(one.sameAs(Secret.of("a valuf"))).isFalse();
        assertThat(one.sameAs(Secret.of("a valu"))).isFalse();
        assertThat(one).isNotEqualTo(other);
        assertThat(Secret.of("").isEmpty()).isTrue();
    }
}
