package dev.gatehouse.spring;

import dev.gatehouse.config.Setting;
import dev.gatehouse.spi.Settings;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The application's {@code gatehouse.*} properties; a list is spelled as a list or with commas. */
final class SpringSettings implements Settings {
    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("gatehouse");

    private static final Set<String> LISTS = Setting.all().stream()
            .filter(setting -> setting.parser().apply(setting.fallback()) instanceof List)
            .map(Setting::key)
            .collect(Collectors.toUnmodifiableSet());

    private final Environment environment;
    private final Binder binder;

    SpringSettings(Environment environment) {
        this.environment = environment;
        this.binder = Binder.get(environment);
    }

    @Override
    public Optional<String> value(String key) {
        String name = PREFIX + "." + key;
        if (LISTS.contains(key)) {
            // a list of one source wins over a text of another, and the other way round, as sources do
            BindResult<List<String>> list = binder.bind(name, Bindable.listOf(String.class));
            return list.isBound() ? Optional.of(String.join(", ", list.get())) : Optional.empty();
        }
        BindResult<String> text = binder.bind(name, String.class);
        return text.isBound() ? Optional.of(text.get()) : Optional.empty();
    }

    /** All but those of the environment of the process, where nothing tells words from levels. */
    @Override
    public Set<String> keys() {
        Map<String, String> known = new HashMap<>();
        Setting.all().forEach(setting -> known.put(uniform(setting.key()), setting.key()));
        Set<String> adapters = new TreeSet<>();
        Arrays.stream(GatehouseProperties.class.getRecordComponents())
                .map(RecordComponent::getName)
                .forEach(name -> adapters.add(uniform(name)));
        Set<String> keys = new TreeSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names
                    && !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource)) {
                names.stream()
                        .filter(PREFIX::isAncestorOf)
                        .filter(name -> !adapters.contains(name.getElement(1, Form.UNIFORM)))
                        .forEach(name -> keys.add(key(name, known)));
            }
        }
        return keys;
    }

    /** The setting that a property sets; what is nested below one sets nothing, and is told whole so that it is refused. */
    private static String key(ConfigurationPropertyName name, Map<String, String> known) {
        boolean whole = name.getNumberOfElements() == 2 || (name.getNumberOfElements() == 3 && name.isNumericIndex(2));
        String key = known.get(name.getElement(1, Form.UNIFORM));
        return whole && key != null
                ? key
                : name.toString().substring(PREFIX.toString().length() + 1);
    }

    /** As Spring compares names: without case and dashes. */
    private static String uniform(String name) {
        return name.replace("-", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public String source() {
        return "a Spring property gatehouse.*";
    }
}
