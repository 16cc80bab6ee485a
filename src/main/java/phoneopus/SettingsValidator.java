package phoneopus;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.Errors;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.Validator;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;
import phoneopus.spool.StateDirectory;

/** Validates settings by their units and by the rules of their types. */
final class SettingsValidator implements Validator {
    private final Environment environment;
    private @Nullable SmartValidator validator;

    SettingsValidator(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean supports(Class<?> type) {
        // Its prefix is the prefix of all settings, and it has no rules.
        return type.getName().startsWith("phoneopus.") && type != StateDirectory.class;
    }

    @Override
    public void validate(Object settings, Errors errors) {
        ConfigurationPropertyName prefix = ConfigurationPropertyName.of(errors.getObjectName());
        Map<String, String> measures =
                new SettingLimits(ConfigurationPropertySources.get(environment))
                        .faults(prefix, settings);
        measures.forEach((component, fault) -> errors.rejectValue(component, "measure", fault));
        Errors rules = new BeanPropertyBindingResult(settings, errors.getObjectName());
        validator().validate(settings, measures.isEmpty() ? errors : rules);
        // A wrong unit usually breaks a size limit too, and the unit's message says more.
        rules.getFieldErrors().stream()
                .filter(error -> !measures.containsKey(error.getField()))
                .forEach(error ->
                        errors.rejectValue(
                                error.getField(),
                                "rule",
                                String.valueOf(error.getDefaultMessage())));
    }

    private synchronized SmartValidator validator() {
        if (validator == null) {
            var made = new LocalValidatorFactoryBean();
            made.afterPropertiesSet();
            validator = made;
        }
        return validator;
    }
}
