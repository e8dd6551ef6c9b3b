package dev.gatehouse.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A part of the table, which can be measured alone. */
enum Part {
    REQUEST("a request through the filter") {
        @Override
        List<Figure> measure(Options options) throws Exception {
            return Jmh.requests(options);
        }
    },

    SIGN_IN("a sign-in, and what it is made of") {
        @Override
        List<Figure> measure(Options options) throws Exception {
            List<Figure> all = new ArrayList<>(Jmh.proofs(options));
            all.addAll(SignIns.withoutHash(Child.run(this, Child.Program.SIGN_IN, options)));
            return all;
        }
    },

    STORAGE("the storage SPI") {
        @Override
        List<Figure> measure(Options options) throws Exception {
            return Child.run(this, Child.Program.STORAGE, options);
        }
    },

    REST("the REST API in process") {
        @Override
        List<Figure> measure(Options options) throws Exception {
            return Child.run(this, Child.Program.REST, options);
        }
    },

    HTTP("requests over HTTP") {
        @Override
        List<Figure> measure(Options options) throws Exception {
            return Https.measure(this, options);
        }
    },

    START("a start") {
        @Override
        List<Figure> measure(Options options) throws Exception {
            return Starts.measure(this, options);
        }
    },

    KEYCLOAK("the same work by Keycloak", false) {
        @Override
        List<Figure> measure(Options options) throws Exception {
            return Keycloaks.measure(this, options);
        }
    },

    EMULATOR("the REST API by the vendor's emulator", false) {
        @Override
        List<Figure> measure(Options options) throws Exception {
            return Emulators.measure(this, options);
        }
    };

    private final String title;
    private final boolean usual;

    Part(String title) {
        this(title, true);
    }

    Part(String title, boolean usual) {
        this.title = title;
        this.usual = usual;
    }

    String title() {
        return title;
    }

    /** Its name on the command line. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it belongs to a run that names no part. */
    boolean usual() {
        return usual;
    }

    static Part of(String key) {
        return Arrays.stream(values())
                .filter(part -> part.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part " + key));
    }

    /** All of its rows, in order. */
    abstract List<Figure> measure(Options options) throws Exception;
}
