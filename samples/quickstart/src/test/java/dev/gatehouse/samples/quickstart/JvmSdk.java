package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.workos.WorkOS;
import com.workos.common.exceptions.WorkOSException;
import com.workos.models.UserCreateResponse;
import com.workos.usermanagement.CreateUserPassword;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The official JVM SDK, connected to a sample of its own through the judge, which must find nothing to object to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JvmSdk {
    static final String PASSWORD = "correct-horse-battery-9";

    RunningSample app;
    private Judge judge;
    WorkOS workos;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        app = new RunningSample(data).start();
        judge = Judge.before(app, getClass().getSimpleName() + ".json");
        workos = WorkOS.builder()
                .apiKey(RunningSample.KEY)
                .clientId(RunningSample.CLIENT)
                .apiBaseUrl("http://127.0.0.1:" + judge.port)
                .build();
    }

    @AfterAll
    void nothingIsViolated() throws Exception {
        try {
            judge.proved("[0-9]+ of [0-9]+");
        } finally {
            judge.close();
            app.close();
        }
    }

    UserCreateResponse create(String email, boolean verified) {
        return workos.getUserManagement()
                .create(new CreateUserPassword.Plaintext(PASSWORD), email, null, null, null, verified);
    }

    static WorkOSException refused(ThrowingCallable call, int status) {
        List<WorkOSException> caught = new ArrayList<>();
        assertThatExceptionOfType(WorkOSException.class)
                .isThrownBy(call)
                .satisfies(caught::add)
                .satisfies(refusal ->
                        assertThat(refusal.status).as(refusal.rawBody).isEqualTo(status));
        return caught.get(0);
    }

    /** A text that the refusal's body has at its top. */
    static String member(WorkOSException refusal, String name) {
        String body = String.valueOf(refusal.rawBody);
        assertThat(body).contains("\"" + name + "\":\"");
        return body.replaceAll("(?s).*\"" + name + "\":\"([^\"]+)\".*", "$1");
    }
}
