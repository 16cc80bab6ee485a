package phoneopus.index;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.function.Consumer;
import phoneopus.disk.Recording;
import phoneopus.spool.StateDirectory;

/** Notes when the database was told to bring its file to the disk: a commit alone does not. */
public final class SyncedTable {
    private SyncedTable() {}

    public static JobRepository noting(JobRepository table, Recording recording) {
        return around(
                table,
                _ -> {},
                called -> {
                    if (called.equals("sync")) {
                        recording.synced(books());
                    }
                });
    }

    /** The same table; says before and after each call which method it is. */
    static JobRepository around(
            JobRepository table, Consumer<String> before, Consumer<String> after) {
        return (JobRepository)
                Proxy.newProxyInstance(
                        JobRepository.class.getClassLoader(),
                        new Class<?>[] {JobRepository.class},
                        (_, method, arguments) -> {
                            try {
                                before.accept(method.getName());
                                var returned = method.invoke(table, arguments);
                                after.accept(method.getName());
                                return returned;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    public static Path books() {
        return Path.of("state")
                .resolve(new JobIndexDatabase(new StateDirectory(null)).file().getFileName());
    }
}
