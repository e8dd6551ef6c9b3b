package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A body is what JavaScript makes of it again, or its signature would not verify there. */
class StringifyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VALUES = List.of(
            "{\"b\":1,\"10\":2,\"9\":3,\"01\":4,\"4294967294\":5,\"4294967295\":6,\"-1\":7}",
            "[1.0,-0.0,0.1,1e21,1e20,123456789012345680000,1e-6,1e-7,1.5e-9,5e-324,1.7976931348623157e308,2.0E-3,100,-17]",
            "[9007199254740991,9007199254740993,0.30000000000000004,2.2250738585072014E-308,4.35]",
            "\"\\u0000\\u001f\\u007f\\u2028\\u00e9\\ud83d\\ude00\\ud800x\\udc00\\/\\\"\\\\\\b\\f\\n\\r\\t</script>\"",
            "{\"a\":[],\"b\":{},\"c\":null,\"d\":true,\"e\":false,\"\":\"\"}");

    @Test
    void asKnown() throws Exception {
        assertThat(VALUES.stream().map(StringifyTest::written))
                .containsExactly(
                        "{\"9\":3,\"10\":2,\"4294967294\":5,\"b\":1,\"01\":4,\"4294967295\":6,\"-1\":7}",
                        "[1,0,0.1,1e+21,100000000000000000000,123456789012345680000,0.000001,1e-7,1.5e-9,5e-324,"
                                + "1.7976931348623157e+308,0.002,100,-17]",
                        "[9007199254740991,9007199254740992,0.30000000000000004,2.2250738585072014e-308,4.35]",
                        "\"\\u0000\\u001f\u007f\u2028\u00e9\ud83d\ude00\\ud800x\\udc00/\\\"\\\\\\b\\f\\n\\r\\t</script>\"",
                        "{\"a\":[],\"b\":{},\"c\":null,\"d\":true,\"e\":false,\"\":\"\"}");
    }

    @Test
    @DisplayName("W09 Node itself writes each value so")
    void asNode() throws Exception {
        for (String value : VALUES) {
            Process node = new ProcessBuilder(
                            "node",
                            "-e",
                            "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8'))))")
                    .start();
            try (var in = node.getOutputStream()) {
                in.write(value.getBytes(StandardCharsets.UTF_8));
            }
            String expected = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).isZero();
            assertThat(written(value)).isEqualTo(expected);
        }
    }

    private static String written(String value) {
        try {
            return Stringify.of(JSON.readTree(value));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
