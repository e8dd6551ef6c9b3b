package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.events.Event;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import dev.gatehouse.identity.UserPasskeys;
import dev.gatehouse.passkeys.Ceremony;
import dev.gatehouse.passkeys.Passkey;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A Gatehouse in memory with a user who has a passkey, at an origin of its own. */
final class PasskeyStage implements AutoCloseable {
    static final String ORIGIN = "https://app.example.com";
    static final String BROWSER = "browser-1";

    final Gatehouse gatehouse;
    final UserPasskeys passkeys;
    private final SteerableClock clock = new SteerableClock();

    PasskeyStage() {
        this(builder -> builder);
    }

    PasskeyStage(UnaryOperator<Gatehouse.Builder> settings) {
        gatehouse = settings.apply(Calls.builder(LocalKeyring.random())
                        .storage(new MemoryStorage())
                        .clock(clock)
                        .set(Setting.ORIGIN, ORIGIN)
                        .set(Setting.APP_NAME, "Fieldnotes"))
                .build();
        passkeys = gatehouse.passkeys();
    }

    void pass(Duration time) {
        clock.pass(time);
    }

    static SoftwareAuthenticator phone() {
        return SoftwareAuthenticator.at(ORIGIN);
    }

    String user(String email) {
        return gatehouse
                .users()
                .create(NewUser.of(email).withPassword(Calls.PASSWORD).withName("Ada", "Lovelace"))
                .id();
    }

    Passkey enroll(String user, SoftwareAuthenticator authenticator) {
        Ceremony ceremony = passkeys.beginEnrollment(user, BROWSER);
        return passkeys.finishEnrollment(
                user, BROWSER, ceremony.state(), authenticator.create(ceremony.options()), "Phone");
    }

    Step signIn(SoftwareAuthenticator authenticator) {
        Ceremony ceremony = passkeys.beginSignIn(BROWSER);
        return answer(ceremony, authenticator.get(ceremony.options()));
    }

    Step answer(Ceremony ceremony, String answer) {
        return passkeys.finishSignIn(BROWSER, ceremony.state(), answer, null, Source.UNKNOWN);
    }

    /** Signs in, which must work; whose session it is. */
    String signedIn(SoftwareAuthenticator authenticator) {
        Step step = signIn(authenticator);
        assertThat(step).isInstanceOf(Step.Finished.class);
        return ((Step.Finished) step).grant().user().id();
    }

    /** What must be refused; with which code, and why. */
    static String refused(Runnable work) {
        ApiException refusal = catchThrowableOfType(ApiException.class, work::run);
        assertThat(refusal).as("refused").isNotNull();
        return refusal.code() + " " + refusal.text();
    }

    List<Event> events(String name) {
        return gatehouse.events().after(Set.of(name), null, 1_000);
    }

    @Override
    public void close() {
        gatehouse.close();
    }
}
