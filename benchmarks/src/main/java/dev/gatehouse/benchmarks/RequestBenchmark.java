package dev.gatehouse.benchmarks;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A request for a page or for data: what the filter in front of it costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {
    @Param("HIT")
    public Scenario scenario;

    @Param("GATEHOUSE")
    public Stack stack;

    private final Page page = new Page();
    private final StandInResponse response = new StandInResponse();
    private StandIn.Request request;
    private List<Stack.Credential> credentials;
    private int next;
    private Filter filter;

    /** The servlet at the end: it asks who is there, as pages do. */
    private static final class Page implements FilterChain {
        private long served;
        private Object user;

        @Override
        public void doFilter(ServletRequest request, ServletResponse response) {
            served++;
            user = request instanceof StandIn.Request bare
                    ? bare.getAttribute("user")
                    : ((HttpServletRequest) request).getRemoteUser();
        }
    }

    @Setup
    public void setUp() throws Exception {
        ServletContext context = StandIn.context();
        StandInSession session = new StandInSession(context);
        Stack.Running running = stack.build(scenario, context, session);
        filter = running.filter();
        credentials = running.credentials();
        request = new StandIn.Request(context, session, scenario.page());
        for (int i = 0; i < Math.min(3, credentials.size()); i++) {
            request();
        }
        boolean refused = response.getStatus() == (scenario.page() ? 302 : 401);
        boolean right = scenario.passes()
                ? response.getStatus() == 200 && page.served > 0 && (page.user != null || stack == Stack.BARE)
                : refused && page.served == 0;
        if (!right) {
            throw new IllegalStateException(
                    stack + " " + scenario + ": " + response.getStatus() + " user " + page.user);
        }
    }

    @Benchmark
    public Object request() throws Exception {
        Stack.Credential credential = credentials.get(next);
        next = next + 1 == credentials.size() ? 0 : next + 1;
        request.recycle(credential.cookies(), credential.authorization());
        response.recycle();
        filter.doFilter(request, response, page);
        return page.user;
    }
}
