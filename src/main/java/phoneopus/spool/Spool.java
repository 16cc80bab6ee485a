package phoneopus.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;

/**
 * The authoritative store of consults: a directory for each, and the list of open ones.
 *
 * <pre>
 * spool/&lt;job&gt;/request.json   accepted; written after it is on the open list
 * spool/&lt;job&gt;/promoted       its caller stopped waiting
 * spool/&lt;job&gt;/joined         another caller waits for it too
 * spool/&lt;job&gt;/outcome.json   over
 * spool/&lt;job&gt;/delivered      its answer reached a caller
 * open/&lt;job&gt;                 not done, or not yet in the index
 * same/&lt;digest&gt;             the last job of that question
 * imported/&lt;job&gt;             imported from the original program
 * damaged/&lt;job&gt;              set aside because its request cannot be read
 * trash/                     on its way to deletion
 * </pre>
 */
@Component
public class Spool {
    private final StateDirectory state;

    public Spool(StateDirectory state) {
        this.state = state;
    }

    /** The directory of that consult's run. Something else in its place counts as no directory. */
    public Path directory(JobId id) throws IOException {
        Path directory = in("spool", id);
        DurableFiles.putAsideUnlessDirectory(directory);
        return directory;
    }

    /** A file beside the folders of jobs. */
    public Path file(String name) throws IOException {
        return state.path().resolve(name);
    }

    /**
     * Accepts the request: once this returns, it will reach an end even if the server dies. The
     * request file is written last, so that it is always on the open list; a server that dies
     * before has accepted nothing.
     *
     * @param beforeItIsThere runs after its directory exists and before other processes see it
     */
    public void accept(JobRequest request, Preparation beforeItIsThere) throws IOException {
        JobId id = request.jobId();
        try {
            reopen(id);
            DurableFiles.createDirectories(directory(id));
            beforeItIsThere.run();
            DurableFiles.write(directory(id).resolve("request.json"), JobFiles.bytes(request));
            DurableFiles.writeLightly(in("open", id), JobFiles.bytes(request));
        } catch (IOException e) {
            try {
                drop(id);
            } catch (IOException stillThere) {
                e.addSuppressed(stillThere);
            }
            throw e;
        }
    }

    /**
     * Removes what servers killed during an acceptance left. Only under the dispatch lock, which
     * excludes acceptances in progress.
     */
    public void dropHalfAccepted() throws IOException {
        for (JobId id : open()) {
            boolean requested = RegularFiles.taken(directory(id).resolve("request.json"));
            // A started job without a request is damaged: keep it for inspection.
            if (!requested && !hasPid(id) && !hasCopy(id)) {
                drop(id);
            }
        }
    }

    private void drop(JobId id) throws IOException {
        DurableFiles.deleteTree(directory(id));
        close(id);
    }

    /** The jobs that are not done or not yet in the index, in no order. */
    public List<JobId> open() throws IOException {
        // Fails if the directories of the jobs are unreadable.
        state.folder("spool");
        return JobId.namedIn(state.folder("open"));
    }

    /**
     * The request from its directory, else the copy on the open list.
     *
     * @throws DamagedException if it cannot be read
     */
    public Optional<JobRequest> request(JobId id) throws IOException {
        Path file = directory(id).resolve("request.json");
        try {
            Optional<JobRequest> request = JobFiles.request(file, id);
            return request.isPresent() || !hasCopy(id)
                    ? request
                    : JobFiles.request(in("open", id), id);
        } catch (DamagedException e) {
            if (hasCopy(id)) {
                return JobFiles.request(in("open", id), id);
            }
            throw e;
        }
    }

    /**
     * How the job ended; empty if it has not.
     *
     * @throws DamagedException if it cannot be read
     */
    public Optional<Completion> ended(JobId id) throws IOException {
        return JobFiles.read(
                directory(id).resolve("outcome.json"), Completion.class, Completion::whole);
    }

    /** Sets an unreadable outcome aside to make room for another; it is kept for inspection. */
    public void discardOutcome(JobId id) throws IOException {
        Path outcome = directory(id).resolve("outcome.json");
        DurableFiles.move(outcome, outcome.resolveSibling("outcome.damaged." + System.nanoTime()));
    }

    /** Sets a job whose request cannot be read aside. */
    public void setAside(JobId id) throws IOException {
        if (Files.exists(directory(id))) {
            DurableFiles.move(directory(id), in("damaged", id));
        }
        close(id);
    }

    public boolean isSetAside(JobId id) throws IOException {
        return RegularFiles.taken(in("damaged", id));
    }

    /**
     * Restores a lost or unreadable request, since the copy will be deleted soon.
     *
     * @throws JobNotFoundException if it was deleted, which only one off the open list can be
     */
    public void restore(JobRequest request) throws IOException {
        Path file = directory(request.jobId()).resolve("request.json");
        if (!JobFiles.holdsRequest(file, request.jobId())) {
            if (Files.notExists(directory(request.jobId()))) {
                if (!RegularFiles.taken(in("open", request.jobId()))) {
                    throw new JobNotFoundException(request.jobId());
                }
                DurableFiles.createDirectories(directory(request.jobId()));
            }
            DurableFiles.write(file, JobFiles.bytes(request));
        }
    }

    /** Whether the open list has a copy of its request. */
    private boolean hasCopy(JobId id) throws IOException {
        return RegularFiles.size(in("open", id)) > 0;
    }

    /** Whether it was started, so that it is not half accepted. */
    public boolean hasPid(JobId id) throws IOException {
        return RegularFiles.taken(directory(id).resolve("pid"));
    }

    private Path in(String folder, JobId id) throws IOException {
        return state.folder(folder).resolve(id.toString());
    }

    /** Records the completion unless there is one; returns whether this one was recorded. */
    public boolean end(JobId id, Completion ended) throws IOException {
        return DurableFiles.writeFirst(
                directory(id).resolve("outcome.json"), JobFiles.bytes(ended));
    }

    /** Puts it on the open list. */
    public void reopen(JobId id) throws IOException {
        if (!hasCopy(id)) {
            DurableFiles.write(in("open", id), new byte[0]);
        }
    }

    /** Removes it from the open list. */
    public void close(JobId id) throws IOException {
        DurableFiles.delete(in("open", id));
    }

    /** Marks the job; returns whether it was not marked before. */
    public boolean mark(JobId id, JobMarker mark) throws IOException {
        return DurableFiles.writeFirst(directory(id).resolve(mark.file()), new byte[0]);
    }

    public boolean marked(JobId id, JobMarker mark) throws IOException {
        return RegularFiles.exists(directory(id).resolve(mark.file()));
    }

    /** Stores a job that was over when it was imported. */
    public void keep(JobRequest request, Completion ended) throws IOException {
        Path directory = directory(request.jobId());
        DurableFiles.createDirectories(directory);
        // First: a request without an outcome is a consult to start.
        end(request.jobId(), ended);
        DurableFiles.write(directory.resolve("request.json"), JobFiles.bytes(request));
        reopen(request.jobId());
        DurableFiles.write(in("imported", request.jobId()), new byte[0]);
    }

    /** Whether it was stored by {@link #keep}, even if dropped since. */
    public boolean imported(JobId id) throws IOException {
        return RegularFiles.exists(in("imported", id));
    }

    /** Moves its directory to the trash; false if there is none. */
    public boolean discard(JobId id) throws IOException {
        DurableFiles.sync(state.folder("open")); // Else its copy could come back, and be started.
        try {
            DurableFiles.move(directory(id), in("trash", id));
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /** The discarded jobs that still have files. */
    public List<JobId> trash() throws IOException {
        return JobId.namedIn(state.folder("trash"));
    }

    public void destroy(JobId id) throws IOException {
        DurableFiles.deleteTree(in("trash", id));
    }

    /** Deletes hints, which only speed things up, that were last changed before that time. */
    public void forgetHintsBefore(Instant before) throws IOException {
        for (String hints : List.of("same", "sessions", "owners")) {
            state.deleteUnchangedSince(hints, before);
        }
    }

    /** All stored jobs; a directory last changes when its job ends or its answer is delivered. */
    public List<JobId> lastChangedFirst() throws IOException {
        return JobId.lastChangedFirst(state.folder("spool"));
    }

    /** Work during the acceptance of a consult, before other servers can see it. */
    public interface Preparation {
        void run() throws IOException;
    }
}
