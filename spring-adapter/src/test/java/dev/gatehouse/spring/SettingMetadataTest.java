package dev.gatehouse.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.config.Setting;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What editors complete is printed from {@link Setting} and {@link GatehouseProperties}. */
class SettingMetadataTest {
    private static final Path FILE = Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");

    @Test
    void everyPropertyIsKnownToEditorsWithItsTypeAndDefault() throws IOException {
        List<Map<String, Object>> properties = new ArrayList<>();
        for (RecordComponent component : GatehouseProperties.class.getRecordComponents()) {
            DefaultValue fallback =
                    GatehouseProperties.class.getDeclaredConstructors()[0].getParameters()[properties.size()]
                            .getAnnotation(DefaultValue.class);
            String key = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
            properties.add(property(
                    key,
                    component.getType() == boolean.class
                            ? Boolean.class
                            : component.getType() == int.class ? Integer.class : component.getType(),
                    ADAPTERS.get(key),
                    fallback.value()[0]));
        }
        for (Setting<?> setting : Setting.all()) {
            properties.add(property(setting.key(), type(setting), sentence(setting), setting.fallback()));
        }
        assertThat(properties).hasSizeGreaterThan(40);
        String printed = new ObjectMapper()
                        .writer(new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE))
                        .writeValueAsString(Map.of("properties", properties))
                + "\n";
        if ("true".equals(System.getenv("REWRITE_DOCS"))) {
            Files.writeString(FILE, printed);
        }
        assertThat(Files.readString(FILE))
                .as("print it anew with REWRITE_DOCS=true")
                .isEqualTo(printed);
    }

    private static final Map<String, String> ADAPTERS = Map.of(
            "enabled", "Whether Gatehouse starts with the application.",
            "filter-order",
                    "Place of Gatehouse's filter among the servlet filters: before all that read a form or decide, Spring Security's (-100) among them.",
            "housekeeping-interval",
                    "How often waiting mails, webhooks and expired rows are seen to; 0 for never, where something else calls maintain().");

    private static Map<String, Object> property(String key, Class<?> type, String text, String fallback) {
        Map<String, Object> property = new LinkedHashMap<>();
        property.put("name", "gatehouse." + key);
        property.put("type", type == List.class ? "java.util.List<java.lang.String>" : type.getName());
        property.put("description", text);
        if (!fallback.isEmpty()) {
            property.put(
                    "defaultValue",
                    type == Boolean.class
                            ? (Object) Boolean.valueOf(fallback)
                            : type == Integer.class ? (Object) Integer.valueOf(fallback) : fallback);
        }
        return property;
    }

    /** As an editor should check it. */
    private static Class<?> type(Setting<?> setting) {
        Object value = setting.parser().apply(setting.fallback());
        if (value instanceof List) {
            return List.class;
        }
        // durations are written as Gatehouse writes them: 30d is none for Spring's own type in every case
        return value instanceof Optional || value instanceof Duration ? String.class : value.getClass();
    }

    /** The first sentence, as plain text. */
    private static String sentence(Setting<?> setting) {
        return setting.doc()
                .replaceAll("\\[([^]]+)]\\([^)]*\\)", "$1")
                .replace("`", "")
                .replaceAll("(?s)(\\.) .*", "$1");
    }
}
