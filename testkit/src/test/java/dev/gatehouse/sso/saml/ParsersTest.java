package dev.gatehouse.sso.saml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ParsersTest {
    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static byte[] document(int number) {
        StringBuilder names = new StringBuilder("<r>");
        for (int i = 0; i < 2_000; i++) {
            names.append("<n").append(number).append('x').append(i).append("/>");
        }
        return names.append("</r>").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("(B03) names that strangers send are forgotten: after fifty megabytes of them the heap is as before")
    void namesAreForgotten() {
        Parsers parsers = new Parsers();
        assertThat(parsers.read(document(0))
                        .getDocumentElement()
                        .getChildNodes()
                        .getLength())
                .isEqualTo(2_000);
        long before = used();
        for (int i = 1; i < 2_000; i++) {
            parsers.read(document(i));
        }
        assertThat(used() - before).isLessThan(40L << 20);
        assertThat(parsers.read(document(0))).as("still in use").isNotNull();
    }
}
