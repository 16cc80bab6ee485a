package phoneopus.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import phoneopus.disk.Recording;

/** Notes when the database was told to bring its file to the disk: a commit alone does not. */
final class SyncedTable {
    private SyncedTable() {}

    static JobRepository noting(JobRepository table, Recording recording) {
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

    static Path books() {
        return Path.of("state").resolve(new JobIndexFile(Path.of("")).file());
    }
}
