package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own for measurements that JMH does not fork. */
public final class Child {
    private Child() {}

    /** What is measured there; a constant for each main program. */
    enum Program {
        SIGN_IN {
            @Override
            void run(Meter meter, Options options) throws Exception {
                SignIns.measure(meter, options);
            }
        },

        STORAGE {
            @Override
            void run(Meter meter, Options options) throws Exception {
                Storages.measure(meter, options);
            }
        },

        REST {
            @Override
            void run(Meter meter, Options options) throws Exception {
                Rests.measure(meter, options);
            }
        };

        abstract void run(Meter meter, Options options) throws Exception;
    }

    /** Runs a program in as many fresh processes as were asked for, and joins their samples. */
    static List<Figure> run(Part part, Program program, Options options) throws IOException, InterruptedException {
        List<Figure> all = new ArrayList<>();
        for (int fork = 0; fork < options.forks(); fork++) {
            List<Figure> once = fork(part, program, options);
            for (int i = 0; i < once.size(); i++) {
                if (fork == 0) {
                    all.add(once.get(i));
                } else {
                    all.set(i, all.get(i).and(once.get(i)));
                }
            }
        }
        return all;
    }

    private static List<Figure> fork(Part part, Program program, Options options)
            throws IOException, InterruptedException {
        Path result = Files.createTempFile("gatehouse-bench", ".tsv");
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xms1g",
                    "-Xmx1g",
                    "-Xbatch",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Child.class.getName(),
                    part.key(),
                    program.name(),
                    result.toString()));
            command.addAll(options.flags());
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(program + " failed");
            }
            return Files.readAllLines(result).stream().map(Figure::of).toList();
        } finally {
            Files.delete(result);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.of(List.of(arguments).subList(3, arguments.length));
        Meter meter = new Meter(Part.of(arguments[0]), options);
        Program.valueOf(arguments[1]).run(meter, options);
        Files.write(
                Path.of(arguments[2]),
                meter.figures().stream().map(Figure::line).toList());
        System.exit(0);
    }
}
