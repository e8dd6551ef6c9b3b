package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.Keyring;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final String K1 = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String K2 = "k2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
    private static final byte[] PLAIN = "the plain text".getBytes(StandardCharsets.UTF_8);

    private final Envelope envelope = new Envelope(LocalKeyring.parse(K1));

    private String sealed() {
        String sealed = envelope.seal("session", "host", PLAIN);
        assertThat(envelope.open("session", "host", sealed)).contains(PLAIN);
        return sealed;
    }

    @Test
    void whatWasSealedOpensAlsoWhenEmptyOrLong() {
        for (int length : new int[] {0, 1, 15, 16, 17, 600, 100_000}) {
            byte[] plain = new byte[length];
            new Random(length).nextBytes(plain);
            assertThat(envelope.open("p", "c", envelope.seal("p", "c", plain))).contains(plain);
        }
    }

    @Test
    void theTextNamesItsKeyAndIsSafeInACookie() {
        assertThat(sealed()).matches("k1\\.[A-Za-z0-9_-]+");
    }

    @Test
    void everyChangedCharacterIsRefused() {
        String sealed = sealed();
        for (int i = 0; i < sealed.length(); i++) {
            for (char c : "A9_-.=+/ \n\u00e9".toCharArray()) {
                if (sealed.charAt(i) != c) {
                    String changed = sealed.substring(0, i) + c + sealed.substring(i + 1);
                    assertThat(envelope.open("session", "host", changed))
                            .as("%d %c", i, c)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void everyTruncationAndExtensionIsRefused() {
        String sealed = sealed();
        for (int i = 0; i < sealed.length(); i++) {
            assertThat(envelope.open("session", "host", sealed.substring(0, i))).isEmpty();
        }
        for (String more : new String[] {"A", "AA", "AAAA", "=", "==", ".", " ", "\n", "~2"}) {
            assertThat(envelope.open("session", "host", sealed + more)).isEmpty();
        }
    }

    @Test
    void unusedBitsOfTheLastCharacterAreRefused() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String sealed = sealed();
        byte[] bytes = Base64.getUrlDecoder().decode(sealed.substring(3));
        assertThat(bytes.length % 3).as("so that there are unused bits").isNotZero();
        String twin = sealed.substring(0, sealed.length() - 1)
                + alphabet.charAt(alphabet.indexOf(sealed.charAt(sealed.length() - 1)) + 1);
        assertThat(Base64.getUrlDecoder().decode(twin.substring(3))).isEqualTo(bytes);
        assertThat(envelope.open("session", "host", twin)).isEmpty();
    }

    @Test
    void anotherPurposeOrContextIsRefused() {
        String sealed = sealed();
        assertThat(envelope.open("session2", "host", sealed)).isEmpty();
        assertThat(envelope.open("session", "host2", sealed)).isEmpty();
        assertThat(envelope.open("session", "", sealed)).isEmpty();
        // the same letters, divided differently
        assertThat(envelope.open("sessio", "nhost", sealed)).isEmpty();
        assertThat(envelope.open("sessionhost", "", sealed)).isEmpty();
    }

    @Test
    void anotherKeyringIsRefusedAndAnOldKeyStillOpens() {
        String sealed = sealed();
        assertThat(new Envelope(LocalKeyring.parse(K2)).open("session", "host", sealed))
                .isEmpty();
        assertThat(new Envelope(LocalKeyring.parse(K2 + "," + K1)).open("session", "host", sealed))
                .contains(PLAIN);
        Envelope rotated = new Envelope(LocalKeyring.parse(K2 + "," + K1));
        assertThat(rotated.seal("session", "host", PLAIN)).startsWith("k2.");
    }

    @Test
    void theKeyNameIsAuthenticated() {
        String sealed = sealed();
        // the same key bytes under another name
        Envelope renamed = new Envelope(LocalKeyring.parse(K1 + "," + K1.replace("k1:", "k9:")));
        assertThat(renamed.open("session", "host", sealed)).contains(PLAIN);
        assertThat(renamed.open("session", "host", sealed.replace("k1.", "k9.")))
                .isEmpty();
    }

    @Test
    void aTextThatAuthenticatesUnderTwoKeysIsCommittedToOne() throws Exception {
        // a hostile key holder can make any GCM text authenticate; without the zero block in front it is still refused
        Keyring keyring = LocalKeyring.parse(K1);
        byte[] head = new byte[28];
        byte[] key = Hkdf.hmac(keyring.derive("k1", "envelope p"), new byte[16]);
        assertThat(envelope.open("p", "c", forged(key, head, new byte[32]))).isPresent();
        byte[] uncommitted = new byte[32];
        uncommitted[15] = 1;
        assertThat(envelope.open("p", "c", forged(key, head, uncommitted))).isEmpty();
    }

    private static String forged(byte[] key, byte[] head, byte[] padded) throws Exception {
        javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                javax.crypto.Cipher.ENCRYPT_MODE,
                new javax.crypto.spec.SecretKeySpec(key, "AES"),
                new javax.crypto.spec.GCMParameterSpec(128, head, 16, 12));
        for (String part : new String[] {"gatehouse 1", "p", "k1", "c"}) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            cipher.updateAAD(
                    java.nio.ByteBuffer.allocate(4).putInt(bytes.length).array());
            cipher.updateAAD(bytes);
        }
        byte[] sealed = cipher.doFinal(padded);
        byte[] all = java.util.Arrays.copyOf(head, head.length + sealed.length);
        System.arraycopy(sealed, 0, all, head.length, sealed.length);
        return "k1." + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    @Test
    void noTwoSealsShareSaltAndNonce() {
        Set<String> heads = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            assertThat(heads.add(envelope.seal("p", "c", PLAIN).substring(3, 3 + 37)))
                    .isTrue();
        }
    }

    @Test
    void garbageNeitherOpensNorThrows() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "k1." : "");
            for (int n = random.nextInt(120); n > 0; n--) {
                text.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
            }
            assertThat(envelope.open("session", "host", text.toString())).isEmpty();
        }
    }

    @Test
    void manyThreadsShareIt() {
        assertThat(IntStream.range(0, 20_000).parallel().allMatch(i -> {
                    byte[] plain = ("value " + i).getBytes(StandardCharsets.UTF_8);
                    String sealed = envelope.seal("p", "c" + i, plain);
                    // a failed cipher in between must not harm the next one
                    return envelope.open("p", "other", sealed).isEmpty()
                            && java.util.Arrays.equals(
                                    envelope.open("p", "c" + i, sealed).orElseThrow(), plain);
                }))
                .isTrue();
    }
}
