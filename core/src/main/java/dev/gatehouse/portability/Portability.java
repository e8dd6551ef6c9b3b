package dev.gatehouse.portability;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.identity.PortableUsers;
import dev.gatehouse.identity.PortableUsers.Portable;
import dev.gatehouse.organizations.PortableMembership;
import dev.gatehouse.organizations.PortableMemberships;
import dev.gatehouse.organizations.PortableOrganizations;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes users of one environment in and out, with their password hashes, passkeys and memberships, the organizations
 * that these are in, and what they may do there. See {@code docs/import-export.md}.
 */
public final class Portability {
    private static final int PAGE = 500;

    private final Engine engine;
    private final String env;
    private final PortableUsers users;
    private final PortableMemberships memberships;
    private final PortableOrganizations organizations;
    private final More more;

    /**
     * Rows of the areas above, in their order.
     *
     * @param first before organizations
     * @param between after organizations, before users
     * @param last after users
     */
    public record More(List<FileKind<?, ?>> first, List<FileKind<?, ?>> between, List<FileKind<?, ?>> last) {
        List<FileKind<?, ?>> all() {
            return Stream.of(first, between, last).flatMap(List::stream).toList();
        }
    }

    public Portability(
            Engine engine,
            String env,
            PortableUsers users,
            PortableMemberships memberships,
            PortableOrganizations organizations,
            More more) {
        this.engine = engine;
        this.env = env;
        this.users = users;
        this.memberships = memberships;
        this.organizations = organizations;
        this.more = more;
    }

    /**
     * Imports the users and organizations of a file. Every row is held to what a REST request to make one is held to; one
     * that is refused spoils no other. Rows are stored in batches with the place they end at, so whoever runs it again
     * after it was cut off, by a kill too, gets what one run would have given. Each new user's {@code user.created} is
     * stored with the user, and so is every other event. Memory does not grow with the file, but in a dry run: by the
     * organizations, roles, groups and resources, and some forty bytes for each user.
     *
     * @param file in UTF-8; it must not change meanwhile
     * @return what this run and earlier ones of the same file and name have done
     * @throws ImportException if the file cannot be told apart into rows, another file is under way by this name, or
     *     another process runs the same import
     * @throws IOException if the file cannot be read
     */
    public ImportProgress importUsers(Path file, ImportOptions options, ImportListener listener) throws IOException {
        return new UserImport(
                        engine, env, new RowKinds(users, memberships, organizations, more.all()), options, listener)
                .run(file);
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

    /** How much was exported. */
    public record Exported(long organizations, long users) {}

    /**
     * Writes everything in the form that {@link #importUsers} takes: in JSON Lines roles and permissions, all organizations,
     * their roles, resources and groups, then all users with their password hashes, passkeys and memberships, and what is
     * granted to these on resources; in CSV users with their password hashes. Oldest first. What is made
     * or changed while it runs may be in it or not, but never a membership without its organization. Memory grows
     * with the number of organizations only. Flushes the stream and leaves it open.
     */
    public Exported exportUsers(OutputStream out, ExportOptions options) throws IOException {
        OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        Exported exported =
                options.format == Format.CSV ? new Exported(0, csv(buffered)) : lines(buffered, options.totpSecrets);
        buffered.flush();
        return exported;
    }

    /** A page that begins after an identifier, null for the first. */
    @FunctionalInterface
    private interface Pages<T> {
        List<T> page(Call call, @Nullable String after);
    }

    /** Visits page by page, each in a transaction of its own; how many there were. */
    private <T> long each(Pages<T> pages, Function<T, String> id, Line<T> line, OutputStream out) throws IOException {
        long count = 0;
        String after = null;
        List<T> page;
        do {
            String from = after;
            page = engine.run(env, Actor.SYSTEM, call -> pages.page(call, from));
            for (T one : page) {
                out.write(line.of(one).getBytes(StandardCharsets.UTF_8));
                after = id.apply(one);
                count++;
            }
        } while (page.size() == PAGE);
        return count;
    }

    /** How something is written, with the end of its line. */
    @FunctionalInterface
    private interface Line<T> {
        String of(T one);
    }

    private long csv(OutputStream out) throws IOException {
        out.write(Csv.header().getBytes(StandardCharsets.UTF_8));
        return each(
                (call, after) -> users.page(call, after, PAGE, false),
                Portable::id,
                user -> Csv.row(engine.json().tree(user)),
                out);
    }

    private Exported lines(OutputStream out, boolean secrets) throws IOException {
        Set<String> written = new HashSet<>();
        write(more.first, written, out);
        long all = each(
                (call, after) -> organizations.page(call, after, PAGE),
                organization -> String.valueOf(organization.id()),
                organization -> {
                    written.add(String.valueOf(organization.id()));
                    return engine.json().writeSparse(organization) + "\n";
                },
                out);
        write(more.between, written, out);
        long people = each(
                (call, after) -> people(call, after, secrets, written),
                Person::id,
                person -> engine.json().writeSparse(person.row) + "\n",
                out);
        write(more.last, written, out);
        return new Exported(all, people);
    }

    private void write(List<FileKind<?, ?>> kinds, Set<String> organizations, OutputStream out) throws IOException {
        for (FileKind<?, ?> kind : kinds) {
            kind.write(engine, env, (organizationId, row) -> {
                if (organizationId == null || organizations.contains(organizationId)) {
                    out.write((engine.json().writeSparse(row) + "\n").getBytes(StandardCharsets.UTF_8));
                }
            });
        }
    }

    /** A user's row. */
    private record Person(String id, ObjectNode row) {}

    private List<Person> people(Call call, @Nullable String after, boolean secrets, Set<String> written) {
        List<Portable> page = users.page(call, after, PAGE, secrets);
        memberships.prefetchOf(call, page.stream().map(Portable::id).toList());
        return page.stream()
                .map(user -> {
                    ObjectNode row = (ObjectNode) engine.json().tree(user);
                    // an organization that was made meanwhile is not in the file, and its members would be refused
                    List<PortableMembership> seats = memberships.ofUser(call, user.id()).stream()
                            .filter(seat -> written.contains(seat.organizationId()))
                            .toList();
                    if (!seats.isEmpty()) {
                        row.set("organization_memberships", engine.json().tree(seats));
                    }
                    return new Person(user.id(), row);
                })
                .toList();
    }
}
