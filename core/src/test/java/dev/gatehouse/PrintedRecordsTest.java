package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gatehouse.identity.User;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records are printed by accident: into logs, into messages of assertions, by debuggers. */
class PrintedRecordsTest {
    private static final Set<String> HIDDEN =
            Set.of("digest", "mailedDigest", "sealed", "salt", "hash", "pendingToken");
    private static final User USER = new User(
            "user_1",
            "ada@example.com",
            true,
            null,
            null,
            null,
            null,
            null,
            Map.of(),
            null,
            null,
            List.of(),
            Instant.EPOCH,
            Instant.EPOCH);
    private static final String SECRET = "not-to-be-printed";

    static List<Class<?>> records() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.gatehouse").stream()
                        .<Class<?>>map(type -> type.reflect())
                        .filter(Class::isRecord)
                        // a digest of a file is no secret
                        .filter(type -> !type.getPackageName().equals("dev.gatehouse.portability"))
                        .filter(type ->
                                Arrays.stream(type.getRecordComponents()).anyMatch(PrintedRecordsTest::hidden))
                        .toList();
    }

    private static boolean hidden(RecordComponent component) {
        return component.getType() == String.class && HIDDEN.contains(component.getName());
    }

    @ParameterizedTest
    @MethodSource("records")
    @DisplayName("what a secret is recognised by, or sealed in, is not in a record's text")
    void digestsAreNotPrinted(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        Object[] values =
                Arrays.stream(components).map(PrintedRecordsTest::value).toArray();
        assertThat(constructor.newInstance(values).toString()).doesNotContain(SECRET);
    }

    private static Object value(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == String.class) {
            return hidden(component) ? SECRET : "user_1";
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == User.class) {
            return USER;
        }
        return type == Instant.class
                ? Instant.EPOCH
                : type == List.class ? List.of() : type == Map.class ? Map.of() : type == Set.class ? Set.of() : null;
    }
}
