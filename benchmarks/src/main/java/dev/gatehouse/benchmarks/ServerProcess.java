package dev.gatehouse.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Server} in a process of its own.
 *
 * @param url where it listens
 * @param cookie of somebody who is signed in
 * @param user one of those that it has
 */
record ServerProcess(Process process, String url, String cookie, String user) implements AutoCloseable {

    /**
     * @param users that it has
     * @param hash memory and passes of password hashes; none for the usual ones
     */
    static ServerProcess start(int users, String... hash) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                Integer.toString(users)));
        command.addAll(List.of(hash));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader();
        String port = said.readLine();
        String cookie = said.readLine();
        String user = said.readLine();
        if (user == null) {
            throw new IOException("the server did not start");
        }
        return new ServerProcess(process, "http://127.0.0.1:" + port, cookie, user);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
