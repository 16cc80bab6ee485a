package phoneopus.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import phoneopus.files.DurableFiles;
import phoneopus.http.ApiKeys;
import phoneopus.http.ApiKeysFile;
import phoneopus.setup.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code phone-opus key}: manages the keys of the HTTP server's callers. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        header = "Adds, lists and removes keys for callers of phone-opus serve.",
        description = "Keys are kept as hashes in phone-opus.http.keys-file.")
final class KeyCommand implements Runnable {
    private static final String NO_FILE =
            "No keys file is set: name one in phone-opus.http.keys-file (PHONE_OPUS_HTTP_KEYS_FILE), for phone-opus serve too.";

    private final PrintStream out;
    private final PrintStream err;
    private final Application application;

    @Spec private @Nullable CommandSpec spec;

    KeyCommand(PrintStream out, PrintStream err, Application application) {
        this.out = out;
        this.err = err;
        this.application = application;
    }

    @Override
    public void run() {
        throw wrong("Missing command: add, list or remove");
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            header = "Creates a key and prints it once.")
    int add(
            @Parameters(
                            paramLabel = "NAME",
                            description =
                                    "Owner: up to 64 letters, digits, dots, dashes, underscores.")
                    String name) {
        if (!ApiKeys.isName(name)) {
            throw wrong(
                    "A name has up to 64 letters, digits, dots, dashes and underscores, got `"
                            + name
                            + "`");
        }
        return with(file -> {
            String key = ApiKeys.chooseKey();
            change(
                    file,
                    keys -> {
                        if (keys.hashes().containsKey(name)) {
                            throw wrong(
                                    name
                                            + " already has a key: remove it first, or use another name");
                        }
                        return keys.with(name, key);
                    });
            out.println(key);
            err.printf(
                    "This is the key of %s. It is shown only once. The client sends it as: Authorization: Bearer KEY%n",
                    name);
        });
    }

    @Command(name = "list", mixinStandardHelpOptions = true, header = "Lists who has a key.")
    int list() {
        return with(file -> file.read().hashes().keySet().forEach(out::println));
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            header = "Removes a key. Takes effect immediately.")
    int remove(@Parameters(paramLabel = "NAME") String name) {
        return with(file ->
                change(
                        file,
                        keys -> {
                            if (!keys.hashes().containsKey(name)) {
                                throw wrong("`" + name + "` has no key");
                            }
                            return keys.without(name);
                        }));
    }

    /** A command's work on the keys file. */
    @FunctionalInterface
    private interface Work {
        void run(ApiKeysFile file) throws IOException;
    }

    private int with(Work work) {
        Settings settings = application.settings();
        settings.unknown().forEach(unknown -> err.println(unknown.sentence()));
        if (!settings.faults().isEmpty()) {
            settings.faults().forEach(fault -> err.println(fault.sentence()));
            return ExitCode.SET_UP;
        }
        if (settings.keysFile() == null) {
            err.println(NO_FILE);
            return ExitCode.SET_UP;
        }
        ApiKeysFile file = new ApiKeysFile(settings.keysFile());
        try {
            work.run(file);
            return ExitCode.ANSWERED;
        } catch (IOException e) {
            err.println(file.unusable(e));
            return ExitCode.SET_UP;
        }
    }

    /** Changes the file under a lock: without it, one of two concurrent changes would be lost. */
    private static void change(ApiKeysFile file, UnaryOperator<ApiKeys> change) throws IOException {
        Path path = Files.exists(file.path()) ? file.path().toRealPath() : file.path();
        Path folder = path.getParent();
        if (folder != null) {
            DurableFiles.createDirectories(folder);
        }
        try (FileChannel channel =
                        DurableFiles.openLock(
                                path.resolveSibling("." + path.getFileName() + ".lock"));
                FileLock _ = channel.lock()) {
            ApiKeys changed = change.apply(file.read());
            DurableFiles.write(path, changed.text().getBytes(StandardCharsets.UTF_8));
        }
    }

    private ParameterException wrong(String why) {
        if (spec == null) {
            throw new IllegalStateException(why);
        }
        return new ParameterException(spec.commandLine(), why);
    }
}
