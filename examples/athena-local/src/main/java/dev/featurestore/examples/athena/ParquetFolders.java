package dev.featurestore.examples.athena;

import io.trino.server.PluginClassLoader;
import io.trino.server.PluginManager;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.Plugin;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorContext;
import io.trino.spi.connector.ConnectorFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trino's connector to Hive tables over folders of this machine. Its jars stay in a class loader of their own, as in a server;
 * its way to plain folders is not on offer in its settings, hence the reflection.
 */
final class ParquetFolders implements Plugin, ConnectorFactory {
    static final String CONNECTOR = "hive";

    private final Path jars;

    private final PluginClassLoader loader;

    ParquetFolders(Path jars) {
        this.jars = jars;
        this.loader = PluginManager.createClassLoader(CONNECTOR, urls(jars));
    }

    /** What the engine reads the connector's part of a plan with. */
    PluginClassLoader loader() {
        return loader;
    }

    /** The connector's own errors. */
    ErrorCodeSupplier[] errors() {
        try {
            return (ErrorCodeSupplier[])
                    loader.loadClass("io.trino.plugin.hive.HiveErrorCode").getEnumConstants();
        } catch (ClassNotFoundException e) {
            throw strange(e);
        }
    }

    private IllegalStateException strange(ReflectiveOperationException e) {
        return new IllegalStateException("Trino's Hive connector in " + jars + " is not that of Trino 435", e);
    }

    @Override
    public Iterable<ConnectorFactory> getConnectorFactories() {
        return List.of(this);
    }

    @Override
    public String getName() {
        return CONNECTOR;
    }

    @Override
    public Connector create(String catalog, Map<String, String> settings, ConnectorContext context) {
        try {
            Object noModule = loader.loadClass("com.google.inject.util.Modules")
                    .getField("EMPTY_MODULE")
                    .get(null);
            Object folders = loader.loadClass("io.trino.filesystem.local.LocalFileSystemFactory")
                    .getConstructor(Path.class)
                    .newInstance(Path.of("/"));
            return (Connector) loader.loadClass("io.trino.plugin.hive.InternalHiveConnectorFactory")
                    .getMethod(
                            "createConnector",
                            String.class,
                            Map.class,
                            ConnectorContext.class,
                            loader.loadClass("com.google.inject.Module"),
                            Optional.class,
                            Optional.class,
                            Optional.class)
                    .invoke(
                            null,
                            catalog,
                            settings,
                            context,
                            noModule,
                            Optional.empty(),
                            Optional.of(folders),
                            Optional.empty());
        } catch (ReflectiveOperationException e) {
            throw strange(e);
        }
    }

    private static List<URL> urls(Path jars) {
        List<URL> urls = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(jars, "*.jar")) {
            for (Path file : files) {
                urls.add(file.toUri().toURL());
            }
            return urls;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the jars of Trino's Hive connector", e);
        }
    }
}
