package phoneopus.index;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import phoneopus.disk.Recording;
import phoneopus.spool.StateDirectory;

/** Notes when the database was told to bring its file to the disk: a commit alone does not. */
public final class SyncedTable {
    private SyncedTable() {}

    public static JobRepository noting(JobRepository table, Recording recording) {
        return (JobRepository)
                Proxy.newProxyInstance(
                        JobRepository.class.getClassLoader(),
                        new Class<?>[] {JobRepository.class},
                        (_, method, arguments) -> {
                            try {
                                var returned = method.invoke(table, arguments);
                                if (method.getName().equals("sync")) {
                                    recording.synced(books());
                                }
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
