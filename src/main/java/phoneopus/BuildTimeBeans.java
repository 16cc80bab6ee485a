package phoneopus;

import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;

/** The beans of a stdio server, which the build determines. A terminal command uses them, too. */
final class BuildTimeBeans {
    private static final String GENERATED =
            "PhoneOpusApplication__ApplicationContextInitializer.class";

    private BuildTimeBeans() {}

    /** Starts with these beans, unless the settings could change them. */
    static void use(SettingsText settings) {
        if (!settings.ofTheFramework() && BuildTimeBeans.class.getResource(GENERATED) != null) {
            System.setProperty("spring.aot.enabled", "true");
            // The generated code already says which beans are lazy.
            System.setProperty("spring.main.lazy-initialization", "false");
            // Most of what it would preload is not needed then.
            System.setProperty("spring.backgroundpreinitializer.ignore", "true");
        }
    }

    /** At a terminal: removes the beans that serve a client. */
    static void leaveOutServer(ConfigurableListableBeanFactory beans) {
        List.of("mcpSyncServer", "stdioTransport", "idleEnd").forEach(name -> remove(beans, name));
    }

    private static void remove(ConfigurableListableBeanFactory beans, String name) {
        if (beans.containsBeanDefinition(name)) {
            ((BeanDefinitionRegistry) beans).removeBeanDefinition(name);
        }
    }
}
