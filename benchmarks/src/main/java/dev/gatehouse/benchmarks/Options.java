package dev.gatehouse.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was asked for on the command line.
 *
 * @param parts to be measured, in the order of the table
 * @param full longer, in several processes, and with a million rows
 * @param million with a million rows
 * @param huge with ten million rows, too
 * @param shortest a smoke test: every measurement is made, and none says anything
 * @param write the table into the docs
 */
record Options(Set<Part> parts, boolean full, boolean million, boolean huge, boolean shortest, boolean write) {
    static final String USAGE =
            "usage: bin/bench [--part NAME]... [--full | --shortest] [--million] [--huge] [--write]\nparts: "
                    + Arrays.stream(Part.values())
                            .map(part -> part.key() + (part.usual() ? "" : " (only if named)"))
                            .collect(Collectors.joining(", "));

    static Options of(List<String> arguments) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--part") && i + 1 < arguments.size()) {
                parts.add(Part.of(arguments.get(++i)));
            } else {
                flags.add(argument);
            }
        }
        if (!Set.of("--full", "--million", "--huge", "--shortest", "--write").containsAll(flags)) {
            throw new IllegalArgumentException("unknown option in " + flags);
        }
        if (parts.isEmpty()) {
            Arrays.stream(Part.values()).filter(Part::usual).forEach(parts::add);
        }
        return new Options(
                parts,
                flags.contains("--full"),
                flags.contains("--full") || flags.contains("--million") || flags.contains("--huge"),
                flags.contains("--huge"),
                flags.contains("--shortest"),
                flags.contains("--write"));
    }

    /** As arguments for a process that measures some of it. */
    List<String> flags() {
        List<String> flags = new ArrayList<>();
        if (full) {
            flags.add("--full");
        }
        if (million) {
            flags.add("--million");
        }
        if (huge) {
            flags.add("--huge");
        }
        if (shortest) {
            flags.add("--shortest");
        }
        return flags;
    }

    String name() {
        return shortest ? "shortest" : full ? "full" : "quick";
    }

    /** Fresh processes for each measurement. */
    int forks() {
        return full ? 3 : 1;
    }

    /** Of work that needs so many iterations of a second until it is compiled, in a quick run. */
    int warmups(int quick) {
        return shortest ? 1 : full ? quick + 5 : quick;
    }

    int iterations() {
        return shortest ? 1 : full ? 10 : 5;
    }

    /** How long an iteration takes. */
    long iterationMillis() {
        return shortest ? 50 : full ? 1_000 : 400;
    }

    /** How many rows there are when something is asked, ascending. */
    List<Integer> sizes() {
        List<Integer> sizes = new ArrayList<>(shortest ? List.of(1_000, 2_000) : List.of(1_000, 100_000));
        if (million && !shortest) {
            sizes.add(1_000_000);
        }
        if (huge) {
            sizes.add(10_000_000);
        }
        return sizes;
    }

    /** A number of rows for people to read. */
    static String rows(int size) {
        return size >= 1_000_000
                ? size / 1_000_000 + "M"
                : size >= 1_000 ? size / 1_000 + "k" : String.format(Locale.ROOT, "%d", size);
    }
}
