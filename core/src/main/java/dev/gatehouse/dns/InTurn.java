package dev.gatehouse.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TSIG;

/** Asks one server after the other, each at most twice, until one of them knows. */
final class InTurn implements Resolver {
    private static final int ROUNDS = 2;

    private final List<Resolver> servers;
    private final Deadline deadline;

    InTurn(List<Resolver> servers, Deadline deadline) {
        this.servers = servers;
        this.deadline = deadline;
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query) {
        Throwable last = new IOException("no name server is known");
        for (int round = 0; round < ROUNDS; round++) {
            for (Resolver server : servers) {
                if (deadline.over()) {
                    return CompletableFuture.failedFuture(last);
                }
                try {
                    Message answer = server.sendAsync(query.clone(), Runnable::run)
                            .toCompletableFuture()
                            .join();
                    int code = answer.getRcode();
                    if (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    last = new IOException("the name server said " + Rcode.string(code));
                } catch (CompletionException e) {
                    last = e.getCause() == null ? e : e.getCause();
                }
            }
        }
        return CompletableFuture.failedFuture(last);
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return sendAsync(query);
    }

    // what each of the servers was made with holds
    @Override
    public void setPort(int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setTCP(boolean flag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setIgnoreTruncation(boolean flag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setTSIGKey(TSIG key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setTimeout(Duration timeout) {
        throw new UnsupportedOperationException();
    }
}
