package dev.gatehouse.portability;

import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.identity.PortableUsers;
import dev.gatehouse.identity.PortableUsers.Portable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes users of one environment in and out, with their password hashes. See {@code docs/import-export.md}. */
public final class Portability {
    private static final int PAGE = 500;

    private final Engine engine;
    private final String env;
    private final PortableUsers users;

    public Portability(Engine engine, String env, PortableUsers users) {
        this.engine = engine;
        this.env = env;
        this.users = users;
    }

    /**
     * Imports the users of a file. Every row is held to what a REST request to make a user is held to; one that is refused
     * spoils no other. Rows are stored in batches with the place they end at, so whoever runs it again after it was cut
     * off, by a kill too, gets what one run would have given. Each new user's {@code user.created} is stored with the
     * user. Memory does not grow with the file.
     *
     * @param file in UTF-8; it must not change meanwhile
     * @return what this run and earlier ones of the same file and name have done
     * @throws ImportException if the file cannot be told apart into rows, another file is under way by this name, or
     *     another process runs the same import
     * @throws IOException if the file cannot be read
     */
    public ImportProgress importUsers(Path file, ImportOptions options, ImportListener listener) throws IOException {
        return new UserImport(engine, env, users, options, listener).run(file);
    }

    /**
     * What to export.
     *
     * @param format form of the file
     * @param totpSecrets whether to write the secrets of authenticator apps in the clear, so that people keep them where
     *     they go to. JSON Lines only
     */
    public record ExportOptions(Format format, boolean totpSecrets) {
        public ExportOptions {
            if (totpSecrets && format == Format.CSV) {
                throw new IllegalArgumentException("secrets of authenticator apps go into JSON Lines only");
            }
        }
    }

    /**
     * Writes all users with their password hashes, oldest first, in the form that {@link #importUsers} takes. A user
     * made or changed while it runs may be in it or not. Memory does not grow with the number of users. Flushes the
     * stream and leaves it open.
     *
     * @return how many users
     */
    public long exportUsers(OutputStream out, ExportOptions options) throws IOException {
        OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        boolean csv = options.format == Format.CSV;
        if (csv) {
            buffered.write(Csv.header().getBytes(StandardCharsets.UTF_8));
        }
        long count = 0;
        String after = null;
        List<Portable> page;
        do {
            page = page(after, options.totpSecrets);
            for (Portable user : page) {
                buffered.write(
                        (csv ? Csv.row(engine.json().tree(user)) : engine.json().writeSparse(user) + "\n")
                                .getBytes(StandardCharsets.UTF_8));
                after = user.id();
                count++;
            }
        } while (page.size() == PAGE);
        buffered.flush();
        return count;
    }

    private List<Portable> page(@Nullable String after, boolean secrets) {
        return engine.run(env, Actor.SYSTEM, call -> users.page(call, after, PAGE, secrets));
    }
}
