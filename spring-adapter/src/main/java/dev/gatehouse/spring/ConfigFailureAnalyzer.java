package dev.gatehouse.spring;

import dev.gatehouse.config.ConfigException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells a wrong setting in words instead of a stack trace. */
final class ConfigFailureAnalyzer extends AbstractFailureAnalyzer<ConfigException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, ConfigException cause) {
        return new FailureAnalysis(
                cause.getMessage(), "Change the property gatehouse.*; all are in docs/configuration.md.", cause);
    }
}
