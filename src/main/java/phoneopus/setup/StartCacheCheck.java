package phoneopus.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Whether a server starts as quickly as it can. */
record StartCacheCheck(Optional<StartCache> cache) implements Check {
    @Override
    public String subject() {
        return "start-up cache";
    }

    @Override
    public List<Finding> look() throws IOException {
        return cache.isEmpty() ? List.of() : List.of(look(cache.get()));
    }

    private Finding look(StartCache cache) throws IOException {
        String mend = Finding.ownCommand("doctor", "--warm");
        if (!Files.exists(cache.file())) {
            return Finding.warn(
                    subject(), "there is none, so that a server takes seconds to start", mend);
        }
        try {
            return cache.fits()
                    ? Finding.ok(subject(), cache.file() + " fits this Java")
                    : Finding.warn(
                            subject(),
                            cache.file()
                                    + " was made for another Java or other files, so that a server takes seconds to start",
                            mend);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
