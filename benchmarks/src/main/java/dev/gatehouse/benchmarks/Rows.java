package dev.gatehouse.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the storage SPI does, whoever does it, each method in a transaction of its own. Row {@code n} has 900 bytes, an
 * identifier in the order of the numbers, a unique address, and one of a thousand organizations.
 */
interface Rows extends AutoCloseable {
    String BODY = "{\"name\":\"" + "x".repeat(680) + "\"}";

    static String id(int n) {
        return String.format(Locale.ROOT, "user_%026d", n);
    }

    static String email(int n) {
        return "u" + n + "@example.com";
    }

    static String organization(int n) {
        return "org_" + n % 1_000;
    }

    /** Numbers apart from each other, the same for each rival. */
    static int any(int round, int size) {
        return (int) ((round * 7_919L + 13) % size);
    }

    static List<Integer> some(int round, int size, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> any(round * count + i, size))
                .toList();
    }

    void insert(int n) throws Exception;

    void insertAll(int from, int to) throws Exception;

    /** Rows whose time is over. */
    void insertExpired(int from, int to) throws Exception;

    boolean get(int n) throws Exception;

    int getAll(List<Integer> numbers) throws Exception;

    boolean hold(int n) throws Exception;

    boolean getByKey(int n) throws Exception;

    int getAllByKey(List<Integer> numbers) throws Exception;

    /** Reads the row and replaces it, if it has not changed meanwhile. */
    void replace(int n) throws Exception;

    boolean delete(int n) throws Exception;

    boolean take(int n) throws Exception;

    /** How many rows of a page of 100 after row {@code n}. */
    int page(int n) throws Exception;

    /** How many rows of a page of 20 of the organization of row {@code n}. */
    int pageOf(int n) throws Exception;

    boolean count(String counter) throws Exception;

    boolean lease(String name) throws Exception;

    int sweep(int most) throws Exception;

    void append(int n) throws Exception;

    /** How many entries of a page of 100 of the journal. */
    int read() throws Exception;

    @Override
    void close();
}
