package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.Keyring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKeyringTest {
    private static final String K1 = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String K2 = "k2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    @TempDir
    Path folder;

    @Test
    void theFirstKeyIsPrimaryAndTheOthersAnswer() {
        LocalKeyring keyring = LocalKeyring.parse(K2 + "," + K1);
        assertThat(keyring.primary()).isEqualTo("k2");
        assertThat(keyring.derive("k1", "a")).isEqualTo(LocalKeyring.parse(K1).derive("k1", "a"));
        assertThatThrownBy(() -> keyring.derive("k3", "a")).isInstanceOf(Keyring.UnknownKey.class);
    }

    @Test
    void derivationIsHkdf() {
        // RFC 5869 A.3 (no salt, no info), first block
        byte[] ikm = HexFormat.of().parseHex("0b".repeat(22));
        assertThat(HexFormat.of().formatHex(Hkdf.derive(ikm, "")))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }

    @Test
    void purposesDoNotShareAKeyAndTheCallerOwnsTheArray() {
        LocalKeyring keyring = LocalKeyring.parse(K1);
        byte[] key = keyring.derive("k1", "a");
        assertThat(key).hasSize(32).isNotEqualTo(keyring.derive("k1", "b"));
        byte[] before = key.clone();
        key[0]++;
        assertThat(keyring.derive("k1", "a")).isEqualTo(before);
    }

    @Test
    void malformedKeysAreRefusedAndNeverShown() {
        assertThat(LocalKeyring.parse(K1).primary()).isEqualTo("k1");
        String secret = "SECRETSECRETSECRET";
        for (String wrong : List.of(
                "",
                ",",
                "k1",
                "k1:",
                secret,
                "k1:" + secret,
                "k1:%" + secret,
                K1.replace("k1", "K1"),
                K1.replace("k1", "a.b"),
                K1.replace("k1", ""),
                K1.replace("k1", "abcdefghijklmnopq"),
                K1 + "," + K1,
                K1 + K1,
                "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")) {
            assertThatThrownBy(() -> LocalKeyring.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(secret);
        }
    }

    @Test
    void printingShowsNoKey() {
        assertThat(LocalKeyring.parse(K1).toString()).contains("k1").doesNotContain("AAEC");
    }

    @Test
    void theFirstStartMakesAFileThatOnlyTheOwnerReads() throws Exception {
        Path file = folder.resolve("new/keys");
        LocalKeyring made = LocalKeyring.file(file);
        LocalKeyring again = LocalKeyring.file(file);
        assertThat(again.derive(again.primary(), "x")).isEqualTo(made.derive(made.primary(), "x"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void manyProcessesThatStartAtOnceGetOneKey() throws Exception {
        var threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                Path file = folder.resolve("keys" + round);
                Callable<String> start =
                        () -> HexFormat.of().formatHex(LocalKeyring.file(file).derive("k1", "x"));
                var keys = threads.invokeAll(java.util.Collections.nCopies(8, start));
                var distinct = new java.util.HashSet<String>();
                for (var key : keys) {
                    distinct.add(key.get());
                }
                assertThat(distinct).hasSize(1);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aMalformedFileIsNamedAndNeitherShownNorReplaced() throws Exception {
        Path file = folder.resolve("keys");
        Files.writeString(file, K1 + "\n" + K2 + "\r\n");
        assertThat(LocalKeyring.file(file).primary()).isEqualTo("k1");
        for (byte[] content : List.of(
                new byte[0], "k1:SECRETSECRET".getBytes(), new byte[] {(byte) 0xff, 0, 1, 2}, new byte[100_000])) {
            Files.write(file, content);
            assertThatThrownBy(() -> LocalKeyring.file(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageNotContaining("SECRETSECRET");
            assertThat(Files.readAllBytes(file)).isEqualTo(content);
        }
    }
}
