package dev.gatehouse.pages;

import dev.gatehouse.factors.Factor;
import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Impersonator;
import dev.gatehouse.identity.Profiles;
import dev.gatehouse.identity.Session;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.passkeys.Passkey;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a template shows. Made for one answer, filled by who makes it, and then only read. */
public final class View {
    private final Texts texts;
    private final Site site;
    private String flow = "";
    private String email = "";
    private String error = "";
    private String detail = "";
    private String firstName = "";
    private String lastName = "";
    private String target = "";
    private boolean invitation;
    private boolean running;
    private Set<String> methods = Set.of();
    private List<Profiles.Button> connections = List.of();
    private List<Profiles.Button> providers = List.of();
    private @Nullable String reference;
    private @Nullable Arrival arrival;
    private Map<String, String> fields = Map.of();
    private List<Affiliations.Choice> choices = List.of();
    private List<String> codes = List.of();
    private List<Passkey> passkeys = List.of();
    private @Nullable Account account;
    private @Nullable Enrollment enrollment;
    private Affiliations.@Nullable Invited invited;
    private @Nullable Impersonator impersonator;

    View(Texts texts, Site site) {
        this.texts = texts;
        this.site = site;
    }

    /**
     * The pages' place in the application.
     *
     * @param app name of the application
     * @param base path of the pages
     * @param home path of the application's first page
     * @param offers what the pages may offer
     */
    public record Site(String app, String base, String home, Offers offers) {}

    /**
     * What the pages may offer.
     *
     * @param signUp people may make accounts
     * @param password people may sign in with a password
     * @param magicCode people may sign in with a code by mail
     * @param mail mail can be sent
     * @param secondFactor people may set up a second factor
     * @param passkey people may sign in with a passkey
     * @param deletion people may delete their accounts
     */
    public record Offers(
            boolean signUp,
            boolean password,
            boolean magicCode,
            boolean mail,
            boolean secondFactor,
            boolean passkey,
            boolean deletion) {}

    /**
     * What only pages of a signed-in person show.
     *
     * @param who the person
     * @param sessions of that person
     * @param factors that the person has proved
     * @param recoveryCodes how many are left
     * @param password whether the person has one
     * @param csrf token for this session's forms
     */
    public record Account(
            SignedIn who,
            List<Session> sessions,
            List<Factor> factors,
            int recoveryCodes,
            boolean password,
            String csrf) {
        /** Of a page that shows nothing but who it is. */
        static Account of(SignedIn who, boolean password, String csrf) {
            return new Account(who, List.of(), List.of(), 0, password, csrf);
        }
    }

    /**
     * An authenticator app to be set up.
     *
     * @param qrCode picture to scan, as a data URI
     * @param secret for who cannot scan
     */
    public record Enrollment(String qrCode, String secret) {
        /** The secret as people read it. */
        public String grouped() {
            return secret.replaceAll("(.{4})(?=.)", "$1 ");
        }
    }

    View at(String sealed, PageFlow at, List<Affiliations.Choice> organizations) {
        flow = sealed;
        invitation = at.invitation() != null;
        running = at.running();
        methods = Objects.requireNonNullElse(at.methods(), Set.of());
        connections = Objects.requireNonNullElse(at.connections(), List.of());
        email = at.email();
        choices = organizations;
        return this;
    }

    View typed(String address) {
        email = address;
        return this;
    }

    View wrong(String problem, String argument) {
        error = problem;
        detail = argument;
        return this;
    }

    View named(String first, String last) {
        firstName = first;
        lastName = last;
        return this;
    }

    View with(Account shown) {
        account = shown;
        impersonator = shown.who().impersonator();
        return this;
    }

    View with(Enrollment shown) {
        enrollment = shown;
        return this;
    }

    View with(List<String> recoveryCodes) {
        codes = recoveryCodes;
        return this;
    }

    View with(Affiliations.Invited shown) {
        invited = shown;
        return this;
    }

    View with(Arrival shown) {
        arrival = shown;
        return this;
    }

    /** A form that leads to another site. */
    View posting(String action, Map<String, String> with) {
        target = action;
        fields = with;
        return this;
    }

    View offering(List<Profiles.Button> anybodys) {
        providers = anybodys;
        return this;
    }

    View referring(@Nullable String toAttempt) {
        reference = toAttempt;
        return this;
    }

    View with(Impersonator by) {
        impersonator = by;
        return this;
    }

    View withPasskeys(List<Passkey> ofPerson) {
        passkeys = ofPerson;
        return this;
    }

    /** The device that waits, as far as it told. */
    View askedBy(@Nullable String userAgent, @Nullable String ipAddress) {
        detail = texts.place(userAgent, ipAddress);
        return this;
    }

    View leadingTo(String address) {
        target = address;
        return this;
    }

    /** Strings. */
    public Texts texts() {
        return texts;
    }

    /** Where the pages are, and what they belong to. */
    public Site site() {
        return site;
    }

    /** Sealed state of the sign-in; empty for none. */
    public String flow() {
        return flow;
    }

    /** Address typed so far. */
    public String email() {
        return email;
    }

    /** Id of what is wrong; empty for nothing. */
    public String error() {
        return error;
    }

    /** Argument of the error, or of the page's text. */
    public String detail() {
        return detail;
    }

    /** First name typed so far. */
    public String firstName() {
        return firstName;
    }

    /** Last name typed so far. */
    public String lastName() {
        return lastName;
    }

    /** Address that the browser is led to, or a code or token that the page's form carries; empty for none. */
    public String target() {
        return target;
    }

    /** Organizations to choose from. */
    public List<Affiliations.Choice> choices() {
        return choices;
    }

    /** Whether somebody is signed in, but not in the way that the organization asks for now. */
    public boolean running() {
        return running;
    }

    /** Whether the organization allows this way to sign in; all of them while it was not asked. */
    public boolean allowed(String method) {
        return methods.isEmpty() || methods.contains(method);
    }

    /** Providers that anybody may choose. */
    public List<Profiles.Button> providers() {
        return providers;
    }

    /** Connections of the organization that the person may go on through. */
    public List<Profiles.Button> connections() {
        return methods.isEmpty() || methods.contains("sso") ? connections : List.of();
    }

    /** What a button leads to. */
    public String leave(Profiles.Button button) {
        return page("federated") + "?connection=" + button.connectionId() + "&flow=" + flow;
    }

    /** By what an administrator finds what went wrong; empty for nothing. */
    public String reference() {
        return reference == null ? "" : reference;
    }

    /** Whether somebody whom a provider sent unasked wants to be signed in; null where none was. */
    public Arrival.@Nullable Consent consent() {
        return arrival instanceof Arrival.Consent asked ? asked : null;
    }

    /** Whom the test provider asks about; null elsewhere. */
    public Arrival.@Nullable TestForm testForm() {
        return arrival instanceof Arrival.TestForm form ? form : null;
    }

    /** What a test of a connection found out; null elsewhere. */
    public Arrival.@Nullable Report report() {
        return arrival instanceof Arrival.Report found ? found : null;
    }

    /** Fields of the form that leads to {@link #target}. */
    public Map<String, String> fields() {
        return fields;
    }

    /** Whether there is a way to sign in that both the organization and the application allow. */
    public boolean anyWay() {
        Offers o = site.offers();
        return (o.password() && allowed("password"))
                || (o.magicCode() && allowed("magic-code"))
                || (o.passkey() && allowed("passkey"))
                || !connections().isEmpty();
    }

    /** Whether an account may be made: anybody may, or the person was invited. */
    public boolean signUp() {
        return site.offers().signUp() || invitation;
    }

    /** Name of the organization that the invitation leads into; empty for none. */
    public String organization() {
        String name = invited == null ? null : invited.organizationName();
        return name == null ? "" : name;
    }

    /** Recovery codes, shown once, in groups as people read and type them. */
    public List<String> codes() {
        return codes.stream()
                .map(code -> code.substring(0, code.length() / 2) + "-" + code.substring(code.length() / 2))
                .toList();
    }

    /** Passkeys of the person who is signed in. */
    public List<Passkey> passkeys() {
        return passkeys;
    }

    /** Whether what is wrong is about a passkey, and is told where passkeys are. */
    public boolean passkeyProblem() {
        return error.startsWith("passkey_");
    }

    /** Of the person who is signed in; null for nobody. */
    public @Nullable Account account() {
        return account;
    }

    /** The invitation that is to be accepted; null for none. */
    public Affiliations.@Nullable Invited invited() {
        return invited;
    }

    /** Whether the person looks, and not an operator who may change nothing. */
    public boolean own() {
        return impersonator == null;
    }

    /** Who acts as the person, or is about to; null for nobody. */
    public @Nullable Impersonator impersonator() {
        return impersonator;
    }

    /** The app to be set up; null for none. */
    public @Nullable Enrollment enrollment() {
        return enrollment;
    }

    /** What a form of a signed-in person must carry; empty when nobody is. */
    public String csrf() {
        return account == null ? "" : account.csrf();
    }

    /** The target's host, or the scheme of an application on the device. */
    public String targetName() {
        URI uri = URI.create(target);
        return uri.getHost() == null ? uri.getScheme() : uri.getHost();
    }

    /** Whether the person chose this language. */
    public boolean speaks(String tag) {
        String locale = account == null ? null : account.who().user().locale();
        return locale != null && locale.startsWith(tag);
    }

    /** The string of this id. */
    public String t(String id, Object... arguments) {
        return texts.get(id, arguments);
    }

    /** What is wrong, or empty. */
    public String problem() {
        return error.isEmpty() ? "" : texts.get("error." + error, detail);
    }

    /** Path of a page of ours. */
    public String page(String name) {
        return site.base() + "/" + name;
    }

    /** A page with the flow carried on. */
    public String link(String name) {
        return page(name) + (flow.isEmpty() ? "" : "?flow=" + flow);
    }
}
