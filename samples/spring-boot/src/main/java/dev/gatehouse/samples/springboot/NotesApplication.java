package dev.gatehouse.samples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;

/** Team notes once more: nothing here knows of passwords or sessions. */
@SpringBootApplication
@EnableMethodSecurity
public class NotesApplication {
    /** Starts it on port 8080, or {@code --server.port}. */
    public static void main(String[] arguments) {
        SpringApplication.run(NotesApplication.class, arguments);
    }
}
