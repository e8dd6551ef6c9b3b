package dev.gatehouse.events;

/** What an application does about an event. */
@FunctionalInterface
public interface EventHandler {
    /**
     * Handles an event. It may get the same one again, after a crash or when it took longer than two minutes: it should
     * do nothing then, which {@link Event#id()} tells.
     *
     * @throws Exception anything: the event is then handed over again later, and no other before it
     */
    void handle(Event event) throws Exception;
}
