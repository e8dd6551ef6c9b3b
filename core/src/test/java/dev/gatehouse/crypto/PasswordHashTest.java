package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String SALT = "AAECAwQFBgcICQoLDA0ODw";
    // from the project's own vectors, made with other libraries
    private static final String PBKDF2_256 = "$pbkdf2$i=600000,d=sha256$" + SALT + "$"
            + phc("ef177144eec9420cbc1093d2a8b344a92bc506d0d4ec9c028dd19f8324d8c1e6");
    private static final String PBKDF2_512 = "$pbkdf2$i=210000,d=sha512$" + SALT + "$"
            + phc(
                    "b5f3fa7459cc14b9bce1eac5142fe1583cdbe9f02300f080b3446f24b8aee716077de94f05300400380b551809cd9f1b2afbd4a56da7504c446c00db89ecee3e");
    private static final String SCRYPT = "$scrypt$v=1$n=16384,r=8,p=1,kl=64$" + SALT + "$"
            + phc(
                    "d7590aca2c9801cf06eeba772a69dc31ce3862591d96522ac4e6bba6ad1f31a52d6f736f2b85adaa6262335eb112e56f014f417a37d74be0def7669b2c51c29e");
    private static final String SSHA = "{SSHA}o7B+j1mFfbmEwTcG4Xb9GJL9mOYAAQIDBAUGBw==";
    // github.com/firebase/scrypt README
    private static final String FIREBASE = "$firebase-scrypt$r=8,m=14,"
            + "sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,ss=Bw=="
            + "$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";
    private static final String ARGON2 = "$argon2id$v=19$m=4096,t=1,p=1$" + SALT + "$" + "A".repeat(43);
    private static final String BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private final PasswordHash hashes = new PasswordHash(4_096, 1, 2, 32, new RandomTokens());

    private static String phc(String hex) {
        return Base64.getEncoder()
                .withoutPadding()
                .encodeToString(HexFormat.of().parseHex(hex));
    }

    @Test
    void aHashMatchesItsPasswordAndNoOther() {
        String stored = hashes.hash(PASSWORD);
        assertThat(stored).matches("\\$argon2id\\$v=19\\$m=4096,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
        assertThat(hashes.verify(PASSWORD, stored)).isTrue();
        assertThat(hashes.verify(PASSWORD + " ", stored)).isFalse();
        assertThat(hashes.verify(PASSWORD.toUpperCase(java.util.Locale.ROOT), stored))
                .isFalse();
        assertThat(hashes.hash(PASSWORD)).isNotEqualTo(stored);
        assertThat(hashes.verifyNobody(PASSWORD)).isFalse();
    }

    @Test
    void anImportedHashOfEachKindMatchesItsPasswordAndIsOutdated() {
        record Case(String type, String text, String password) {}
        for (Case c : List.of(
                new Case("pbkdf2", PBKDF2_256, PASSWORD),
                new Case("pbkdf2", PBKDF2_512, PASSWORD),
                new Case("scrypt", SCRYPT, PASSWORD),
                new Case("ssha", SSHA, PASSWORD),
                new Case("firebase-scrypt", FIREBASE, "user1password"),
                new Case("bcrypt", BCRYPT, "U*U"),
                new Case("bcrypt", BCRYPT.replace("$2a", "$2b"), "U*U"),
                new Case("bcrypt", BCRYPT.replace("$2a", "$2y"), "U*U"))) {
            String stored = hashes.imported(c.type, c.text, "suffix");
            assertThat(hashes.verify(c.password, stored)).as(c.text).isTrue();
            assertThat(hashes.verify(c.password + "x", stored)).as(c.text).isFalse();
            assertThat(hashes.outdated(stored)).isTrue();
            assertThat(stored).doesNotContain("=$").doesNotEndWith("=");
        }
        assertThat(hashes.outdated(hashes.hash(PASSWORD))).isFalse();
        assertThat(hashes.outdated(new PasswordHash(4_096, 2, 1, 1, new RandomTokens()).hash(PASSWORD)))
                .isTrue();
    }

    @Test
    void theArgon2VariantsAreNotMixedUp() {
        String own = hashes.hash("password");
        assertThat(hashes.verify("password", hashes.imported("argon2", own, "suffix")))
                .isTrue();
        for (String variant : List.of("argon2i", "argon2d")) {
            String other = own.replace("$argon2id", "$" + variant).replace("t=1", "t=3");
            assertThat(hashes.verify("password", hashes.imported("argon2", other, "suffix")))
                    .as("another function")
                    .isFalse();
        }
    }

    @Test
    void argon2idIsThatOfTheReferenceImplementation() {
        // phc-winner-argon2 test.c: version 0x13, t=2, m=2^16, p=1, "password", "somesalt"
        assertThat(hashes.verify(
                        "password",
                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
                .isTrue();
        assertThat(hashes.verify(
                        "password",
                        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"suffix,prefix", "prefix,suffix"})
    void ssha256KnowsOnWhichSideItsSaltIs(String position, String wrong) throws Exception {
        byte[] salt = {1, 2, 3, 4, 5, 6, 7, 8};
        var digest = java.security.MessageDigest.getInstance("SHA-256");
        byte[] password = PASSWORD.getBytes();
        digest.update(position.equals("prefix") ? salt : password);
        byte[] hash = digest.digest(position.equals("prefix") ? password : salt);
        byte[] all = java.util.Arrays.copyOf(hash, 40);
        System.arraycopy(salt, 0, all, 32, 8);
        String text = "{SSHA256}" + Base64.getEncoder().encodeToString(all);
        assertThat(hashes.verify(PASSWORD, hashes.imported("ssha256", text, position)))
                .isTrue();
        assertThat(hashes.verify(PASSWORD, hashes.imported("ssha256", text, wrong)))
                .isFalse();
        assertThatThrownBy(() -> hashes.imported("ssha256", text, "middle"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bcrypt|$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "bcrypt|$2a$16$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "bcrypt|$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "bcrypt|$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "bcrypt|$2b$10$tooshort",
                "argon2|$argon2id$v=19$m=4194304,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=19$m=65536,t=6,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=19$m=65536,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=19$m=65536,t=2,p=9$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=16$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2i$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2x$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=19$m=65536,t=2,p=1,data=AAAA$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=19$m=65536,m=4096,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=19$m=-1,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=19$m=19456,t=2,p=1$$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "argon2|$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
                "argon2|$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$",
                "scrypt|N=1073741824,r=8,p=1",
                "scrypt|$scrypt$n=1073741824,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "scrypt|$scrypt$n=262144,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "scrypt|$scrypt$n=131072,r=8,p=16$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "scrypt|$scrypt$n=16383,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "scrypt|$scrypt$n=16384,r=8,p=1,kl=64$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "pbkdf2|iterations=2147483647",
                "pbkdf2|$pbkdf2$i=0,d=sha256$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "pbkdf2|$pbkdf2$i=1000001,d=sha256$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "pbkdf2|$pbkdf2$i=599999,d=sha256$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "pbkdf2|$pbkdf2$i=600000,d=md5$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "pbkdf2|$pbkdf2$i=600000,d=sha256$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "firebase-scrypt|$firebase-scrypt$r=8,m=30,sk=AAAAAAAAAAAAAAAAAAAAAA,ss=Bw$AAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
                "firebase-scrypt|$firebase-scrypt$r=32,m=17,sk=AAAAAAAAAAAAAAAAAAAAAA,ss=Bw$AAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
                "firebase-scrypt|$firebase-scrypt$r=8,m=14,sk=AAAA,ss=Bw$AAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
                "ssha|{SSHA}",
                "ssha|{SSHA}o7B+j1mFfbmEwTcG4Xb9GJL9mOY=",
                "ssha|{SHA}o7B+j1mFfbmEwTcG4Xb9GJL9mOYAAQIDBAUGBw==",
                "ssha|{SSHA}***",
                "bcrypt|hunter2",
                "bcrypt|null",
                "argon2|null",
                "pbkdf2|hunter2",
                "ssha|null",
                "plain|hunter2",
                "md5|5f4dcc3b5aa765d61d8327deb882cf99",
                "null|null"
            })
    void aBombOrAnythingElseIsNotImportedAndMatchesNothing(String type, String text) {
        assertThat(hashes.imported("bcrypt", BCRYPT, "suffix")).isEqualTo(BCRYPT);
        assertThat(hashes.imported("argon2", ARGON2, "suffix")).isEqualTo(ARGON2);
        assertThat(hashes.imported("scrypt", SCRYPT, "suffix")).isEqualTo(SCRYPT);
        assertThatThrownBy(() -> hashes.imported(type, text, "suffix")).isInstanceOf(IllegalArgumentException.class);
        if (!text.startsWith("$argon2")) {
            assertThat(hashes.verify(text, text)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "hunter2",
                "$",
                "$$$$",
                "$2",
                "$argon2id$",
                "{SSHA}null",
                "$ssha$pos=suffix$$",
                "\u0000"
            })
    void aStoredTextThatIsNoHashMatchesNothing(String stored) {
        assertThat(hashes.verify("null", stored)).isFalse();
        assertThat(hashes.verify("hunter2", stored)).isFalse();
    }

    @Test
    void bcryptNeverTruncates() {
        String base = "a".repeat(72);
        String stored = bcrypt(base);
        assertThat(hashes.verify(base, stored)).isTrue();
        assertThat(hashes.verify(base + "X", stored)).isFalse();
        assertThat(hashes.verify("a".repeat(71), stored)).isFalse();
        // the classic vector that ignores everything after 72
        assertThat(hashes.verify(
                        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
                        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"))
                .isTrue();
        assertThat(hashes.verify(
                        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
                        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"))
                .isFalse();
    }

    private static String bcrypt(String password) {
        return org.bouncycastle.crypto.generators.OpenBSDBCrypt.generate("2b", password.toCharArray(), new byte[16], 4);
    }

    @Test
    void nulIsACharacterInOursAndMatchesNothingElsewhere() {
        String ours = hashes.hash("pass\0word1234");
        assertThat(hashes.verify("pass\0word1234", ours)).isTrue();
        assertThat(hashes.verify("pass", ours)).isFalse();
        assertThat(hashes.verify("password1234", ours)).isFalse();
        String a = bcrypt("a");
        assertThat(hashes.verify("a", a)).isTrue();
        assertThat(hashes.verify("a\0a", a)).as("repeats to the same key").isFalse();
        assertThat(hashes.verify("a\0b", a)).isFalse();
        String pbkdf2 = hashes.imported("pbkdf2", PBKDF2_256, "suffix");
        assertThat(hashes.verify(PASSWORD, pbkdf2)).isTrue();
        assertThat(hashes.verify(PASSWORD + "\0", pbkdf2))
                .as("HMAC pads with NUL")
                .isFalse();
        assertThat(hashes.verify(PASSWORD + "\0", SCRYPT)).isFalse();
    }

    @Test
    void composedAndDecomposedCharactersAreOnePassword() {
        String stored = hashes.hash("\u00e9\u00e9\u00e9\u00e9");
        assertThat(hashes.verify("e\u0301e\u0301e\u0301e\u0301", stored)).isTrue();
        assertThat(hashes.verify("eeee", stored)).isFalse();
    }

    @Test
    void halfASurrogatePairIsNoQuestionMark() {
        String stored = hashes.hash("pass?word");
        assertThat(hashes.verify("pass?word", stored)).isTrue();
        assertThat(hashes.verify("pass\ud800word", stored)).isFalse();
        assertThatThrownBy(() -> hashes.hash("pass\ud800word")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void emptyAndOverlongPasswordsAreRefusedBeforeHashing() {
        String longest = "x".repeat(1_024);
        assertThat(hashes.verify(longest, hashes.hash(longest))).isTrue();
        List<String> impossible = List.of("", "x".repeat(1_025), "\u00e9".repeat(513), "x".repeat(50_000_000));
        long start = System.nanoTime();
        for (String wrong : impossible) {
            assertThatThrownBy(() -> hashes.hash(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThat(hashes.verify(wrong, ARGON2)).isFalse();
            assertThat(hashes.verifyNobody(wrong)).isFalse();
        }
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
        assertThat(hashes.verify("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"))
                .as("a true hash of nothing")
                .isFalse();
    }

    @Test
    void anUnknownUserCostsWhatAKnownOneDoes() {
        PasswordHash real = new PasswordHash(19_456, 2, 2, 32, new RandomTokens());
        String stored = real.hash(PASSWORD);
        List<Long> known = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        List<Long> impossible = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            known.add(time(() -> real.verify("wrong", stored)));
            unknown.add(time(() -> real.verifyNobody("wrong")));
            // longer than bcrypt can tell
            impossible.add(time(() -> real.verify("x".repeat(80), BCRYPT)));
        }
        // medians; wide, since other work shares the machine: what it must catch is a missing hash, not a millisecond
        assertThat(median(unknown)).isBetween(median(known) / 2, median(known) * 2);
        assertThat(median(impossible)).isBetween(median(known) / 2, median(known) * 2);
    }

    private static long time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    @Test
    void aFloodIsRefusedBeyondTheQueueAndTheRestIsServed() throws Exception {
        PasswordHash small = new PasswordHash(19_456, 3, 1, 2, new RandomTokens());
        ExecutorService clients = Executors.newFixedThreadPool(12);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                answers.add(clients.submit(() -> {
                    start.await();
                    try {
                        small.hash(PASSWORD);
                        return true;
                    } catch (PasswordHash.Busy e) {
                        return false;
                    }
                }));
            }
            start.countDown();
            int served = 0;
            for (Future<Boolean> answer : answers) {
                served += answer.get() ? 1 : 0;
            }
            assertThat(served).isBetween(3, 11);
            assertThat(small.hash(PASSWORD)).as("all permits came back").isNotNull();
        } finally {
            clients.shutdown();
        }
    }

    @Test
    void anInterruptedCallerStopsWaitingAndStaysInterrupted() throws Exception {
        PasswordHash small = new PasswordHash(262_144, 4, 1, 2, new RandomTokens());
        Thread first = new Thread(() -> small.hash(PASSWORD));
        first.start();
        while (java.util.Arrays.stream(first.getStackTrace())
                .noneMatch(frame -> frame.getClassName().contains("Argon2BytesGenerator"))) {
            Thread.onSpinWait();
        }
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> small.hash(PASSWORD)).isInstanceOf(PasswordHash.Busy.class);
        assertThat(Thread.interrupted()).isTrue();
        first.join();
    }

    @Test
    void nonsensicalParametersAreRefused() {
        for (int[] wrong :
                new int[][] {{7, 1, 1, 1}, {2_000_000, 1, 1, 1}, {4_096, 0, 1, 1}, {4_096, 1, 0, 1}, {4_096, 1, 1, -1}
                }) {
            assertThatThrownBy(() -> new PasswordHash(wrong[0], wrong[1], wrong[2], wrong[3], new RandomTokens()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everyPasswordOfTheCorpusComesBackAndOnlyItself() throws Exception {
        List<String> passwords = new ArrayList<>();
        Corpus.json("security/corpora/passwords/round-trip.json")
                .get("passwords")
                .forEach(p -> passwords.add(p.textValue()));
        PasswordHash cheap = new PasswordHash(64, 1, 2, 32, new RandomTokens());
        for (String one : passwords) {
            String stored = cheap.hash(one);
            for (String other : passwords) {
                boolean same = java.text.Normalizer.normalize(one, java.text.Normalizer.Form.NFC)
                        .equals(java.text.Normalizer.normalize(other, java.text.Normalizer.Form.NFC));
                assertThat(cheap.verify(other, stored)).isEqualTo(same);
            }
        }
    }

    @Test
    void everyHostileImportOfTheCorpusIsRefused() throws Exception {
        for (JsonNode hostile :
                Corpus.json("security/corpora/passwords/hash-vectors.json").get("hostileImports")) {
            String type = hostile.get("format").textValue().replace("argon2id", "argon2");
            String text = hostile.get("encoded").textValue();
            if (hostile.get("expect").textValue().startsWith("accept or reject")) {
                assertThat(hashes.outdated(hashes.imported(type, text, "suffix")))
                        .isTrue();
                continue;
            }
            assertThatThrownBy(() -> hashes.imported(type, text, "suffix"))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
