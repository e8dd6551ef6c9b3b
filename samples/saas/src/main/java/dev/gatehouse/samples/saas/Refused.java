package dev.gatehouse.samples.saas;

/** A request that is not done; the message is for whoever sent it. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    /** What is another organization's, and what there never was, look the same. */
    static Refused notFound() {
        return new Refused(404, "There is no such thing in your organization.");
    }
}
