package dev.gatehouse.benchmarks;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A page asked for by somebody who has been seen before: what the filter in front of it costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FilterBenchmark {
    @Param
    public Stack stack;

    private final Page page = new Page();
    private final StandIn.Response response = new StandIn.Response();
    private StandIn.Request request;
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
        StandIn.Session session = new StandIn.Session(context);
        Stack.Running running = stack.build(context, session);
        Cookie[] cookies = Arrays.copyOf(running.cookies(), running.cookies().length + 1);
        cookies[running.cookies().length] = new Cookie("JSESSIONID", session.getId());
        filter = running.filter();
        request = new StandIn.Request(context, session, cookies);
        hit();
        if (page.served != 1 || response.getStatus() != 200 || (page.user == null && stack != Stack.BARE)) {
            throw new IllegalStateException(stack + " refused: " + response.getStatus() + " user " + page.user);
        }
    }

    @Benchmark
    public Object hit() throws Exception {
        request.recycle();
        response.recycle();
        filter.doFilter(request, response, page);
        return page.user;
    }
}
