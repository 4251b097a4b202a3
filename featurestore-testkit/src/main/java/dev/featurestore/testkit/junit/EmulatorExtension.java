package dev.featurestore.testkit.junit;

import dev.featurestore.FeatureStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.net.URI;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link EmulatorTest} does. JUnit closes the emulator, with the context of the outermost class. */
public final class EmulatorExtension implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(EmulatorExtension.class);

    /** For JUnit. */
    public EmulatorExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == FeatureStoreEmulator.class
                || type == URI.class
                || type == InMemoryFeatureStore.class
                || type == FeatureStore.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        FeatureStoreEmulator emulator = emulator(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == FeatureStoreEmulator.class) {
            return emulator;
        }
        return type == URI.class ? emulator.endpoint() : emulator.store();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        emulator(context).reset();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        emulator(context).faults().clear();
    }

    private static FeatureStoreEmulator emulator(ExtensionContext context) {
        ExtensionContext outermost = context;
        ExtensionContext parent = context.getParent().orElse(null);
        while (parent != null && parent.getTestClass().isPresent()) {
            outermost = parent;
            parent = parent.getParent().orElse(null);
        }
        return outermost
                .getStore(NAMESPACE)
                .computeIfAbsent(
                        FeatureStoreEmulator.class, key -> FeatureStoreEmulator.start(), FeatureStoreEmulator.class);
    }
}
