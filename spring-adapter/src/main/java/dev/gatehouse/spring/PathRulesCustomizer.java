package dev.gatehouse.spring;

/**
 * A bean of this type says in code which paths need what, in addition to {@code gatehouse.public-paths} and its like.
 * Several are called in their {@code @Order}.
 */
@FunctionalInterface
public interface PathRulesCustomizer {
    /** Called once, before the filter starts. */
    void customize(PathRules rules);
}
