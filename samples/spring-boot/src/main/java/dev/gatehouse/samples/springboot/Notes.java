package dev.gatehouse.samples.springboot;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;

/** What the team wrote, until the application stops. */
@Service
public class Notes {
    private final List<Note> all = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong();

    /**
     * A note.
     *
     * @param author user id
     */
    public record Note(long id, String author, String text) {}

    /** Newest last. */
    public List<Note> all() {
        return List.copyOf(all);
    }

    /** The one with this id. */
    public Optional<Note> find(long id) {
        return all.stream().filter(note -> note.id == id).findFirst();
    }

    /** Adds one. */
    public void add(String author, String text) {
        all.add(new Note(ids.incrementAndGet(), author, text));
    }

    /** Removes one: its author's business alone. */
    @PreAuthorize("#note.author == authentication.name")
    public void remove(Note note) {
        all.remove(note);
    }
}
