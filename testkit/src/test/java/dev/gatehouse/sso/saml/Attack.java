package dev.gatehouse.sso.saml;

import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.w3c.dom.Document;

/**
 * A row of the catalogue: how the honest provider is set up, what is done to its message, and which step has to say no.
 *
 * @param id row of ATTACKS.md
 * @param what the attack
 * @param step where it ends
 * @param honest how the stage is set up before: with this alone, the sign-in has to succeed
 * @param evil what makes it evil
 */
record Attack(String id, String what, Step step, Consumer<SamlStage> honest, Consumer<SamlStage> evil) {
    /** On a message of which only the assertion is signed, after it was signed. */
    static Attack onAssertion(String id, String what, Step step, Consumer<Document> change) {
        return new Attack(id, what, step, s -> s.idp.signs(false, true), s -> s.idp.signed(change));
    }

    /** On a message of which only the response is signed, after it was signed. */
    static Attack onResponse(String id, String what, Step step, Consumer<Document> change) {
        return new Attack(id, what, step, s -> s.idp.signs(true, false), s -> s.idp.signed(change));
    }

    /** By the identity provider itself, which signs whatever it says. */
    static Attack bySigner(String id, String what, Step step, Consumer<Document> change) {
        return new Attack(id, what, step, s -> {}, s -> s.idp.unsigned(change));
    }

    /** By one of the provider's ready-made misbehaviours. */
    static Attack misbehaves(String id, Step step, Misbehaviour how) {
        return new Attack(id, how.name(), step, s -> {}, s -> s.idp.misbehave(how));
    }

    /** On the text. */
    static Attack onText(String id, String what, Step step, UnaryOperator<String> change) {
        return new Attack(id, what, step, s -> {}, s -> s.idp.wire(change));
    }

    /** On the text of a message of which only the assertion is signed. */
    static Attack onAssertionText(String id, String what, Step step, UnaryOperator<String> change) {
        return new Attack(id, what, step, s -> s.idp.signs(false, true), s -> s.idp.wire(change));
    }

    /** Carries it out: the same set-up signs in without what makes it evil. */
    void run(SamlStage stage) {
        honest.accept(stage);
        if (!stage.signIn().nameId().equals("ada@example.com")) {
            throw new AssertionError("somebody else");
        }
        evil.accept(stage);
        stage.refused(step);
    }

    @Override
    public String toString() {
        return id + " " + what;
    }
}
