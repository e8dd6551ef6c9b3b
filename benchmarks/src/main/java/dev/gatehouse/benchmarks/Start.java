package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.JdbcStorage;
import jakarta.servlet.Filter;
import jakarta.servlet.http.Cookie;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A fresh process that answers one protected page, and says how many nanoseconds passed since it was started, how much
 * processor time it used, and how much of the heap is taken then.
 */
public final class Start {
    private Start() {}

    /** What is started. */
    enum Program {
        /** A filter that does nothing. */
        BARE,
        GATEHOUSE,
        /** Gatehouse, and a browser is sent to a SAML provider besides. */
        GATEHOUSE_SSO,
        SPRING
    }

    /** {@code PROGRAM [DIRECTORY KEY COOKIE CONNECTION]}. */
    public static void main(String[] arguments) throws Exception {
        StandInSession session = new StandInSession(StandIn.context());
        Gatehouse gatehouse = null;
        Filter filter;
        Cookie cookie = new Cookie("JSESSIONID", session.getId());
        Program program = Program.valueOf(arguments[0]);
        switch (program) {
            case BARE -> filter = (request, response, chain) -> chain.doFilter(request, response);
            case SPRING -> {
                Peer.SPRING.signIn(session);
                filter = Peer.SPRING.filter(session.getServletContext());
            }
            default -> {
                gatehouse = gatehouse(Path.of(arguments[1]), arguments[2]);
                filter = new GatehouseFilter(gatehouse);
                filter.init(new StandIn.Config(session.getServletContext()));
                String[] pair = arguments[3].split("=", 2);
                cookie = new Cookie(pair[0], pair[1]);
            }
        }
        StandIn.Request request = new StandIn.Request(session.getServletContext(), session, true);
        request.recycle(new Cookie[] {cookie}, null);
        boolean[] served = {false};
        filter.doFilter(request, new StandInResponse(), (passed, answer) -> served[0] = true);
        if (!served[0]) {
            throw new IllegalStateException(program + " refused");
        }
        if (program == Program.GATEHOUSE_SSO) {
            leave(gatehouse, arguments[4]);
        }
        long processor = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
        long begun = ManagementFactory.getRuntimeMXBean().getStartTime();
        long passed = (System.currentTimeMillis() - begun) * 1_000_000;
        System.gc();
        System.out.println(passed + " " + processor + " "
                + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        System.exit(0);
    }

    static Gatehouse gatehouse(Path directory, String key) {
        return Ours.builder(Ours.storage(JdbcStorage.h2File(directory)))
                .keyring(LocalKeyring.parse(key))
                .build();
    }

    private static void leave(@Nullable Gatehouse gatehouse, String connection) {
        if (gatehouse == null) {
            throw new IllegalStateException("no Gatehouse");
        }
        new Visitor(gatehouse)
                .get("/user_management/authorize?response_type=code&client_id=" + Ours.CLIENT + "&redirect_uri="
                        + Federations.BACK + "&connection_id=" + connection);
    }
}
