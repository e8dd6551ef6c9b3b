package dev.gatehouse;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens what the settings name where the host brought nothing of its own. */
final class Backing {
    private Backing() {}

    static Storage storage(Config config, @Nullable DataSource source) {
        JdbcStorage.SchemaMode mode =
                JdbcStorage.SchemaMode.valueOf(config.get(Setting.SCHEMA).toUpperCase(Locale.ROOT));
        String prefix = config.get(Setting.TABLE_PREFIX);
        if (source != null) {
            return JdbcStorage.of(source, mode, prefix);
        }
        Optional<String> url = config.get(Setting.JDBC_URL);
        Path directory = Path.of(config.get(Setting.DATA_DIRECTORY));
        boolean makes = mode == JdbcStorage.SchemaMode.CREATE;
        if (url.isEmpty() && !makes && !Files.exists(directory.resolve("gatehouse.mv.db"))) {
            throw new Storage.StorageException(
                    config.named(Setting.DATA_DIRECTORY) + ": there is no database in " + directory.toAbsolutePath(),
                    null);
        }
        try {
            return JdbcStorage.of(
                    url.orElseGet(() -> JdbcStorage.h2File(directory)),
                    config.get(Setting.JDBC_USER).orElse(null),
                    config.get(Setting.JDBC_PASSWORD).orElse(null),
                    mode,
                    prefix);
        } catch (Storage.StorageException e) {
            throw new Storage.StorageException(
                    config.named(url.isPresent() ? Setting.JDBC_URL : Setting.DATA_DIRECTORY) + ": " + e.getMessage(),
                    e);
        }
    }

    static Keyring keyring(Config config) {
        try {
            return config.get(Setting.ROOT_KEYS)
                    .map(LocalKeyring::parse)
                    .orElseGet(() -> LocalKeyring.file(
                            Path.of(config.get(Setting.DATA_DIRECTORY)).resolve("root-keys")));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw config.refused(Setting.ROOT_KEYS, String.valueOf(e.getMessage()));
        }
    }
}
