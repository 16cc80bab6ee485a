package phoneopus.http;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import phoneopus.files.UserHome;

/**
 * Where the HTTP server listens and whom it serves.
 *
 * @param address to listen on
 * @param port to listen on; 0 for any free port
 * @param allowedOrigins the origins of web pages that may call; {@code :*} for any port
 * @param allowedHosts the host names under which the server may be called; {@code :*} for any port
 * @param maxBody the longest request body
 * @param sessionIdle how long an unused session is kept
 * @param maxSessions sessions at a time; the one unused longest is dropped for a new one
 * @param keysFile the file with hashes of the callers' keys; if absent, everyone is served
 * @param iTrustCallers true: remote connections are accepted without {@code claude.restricted}
 */
@ConfigurationProperties("phone-opus.http")
public record HttpProperties(
        @DefaultValue("127.0.0.1") @IpAddress String address,
        @DefaultValue("8417") @Min(0) @Max(65535) int port,
        @DefaultValue({
                    "http://localhost:*",
                    "http://127.0.0.1:*",
                    "http://[::1]:*",
                    "https://localhost:*",
                    "https://127.0.0.1:*",
                    "https://[::1]:*"
                })
                List<String> allowedOrigins,
        @DefaultValue({"localhost:*", "127.0.0.1:*", "[::1]:*"}) List<String> allowedHosts,
        @DefaultValue("2MB") @BodySize DataSize maxBody,
        @DefaultValue("30m") @DurationMin(seconds = 1, message = "must be at least 1s")
                Duration sessionIdle,
        @DefaultValue("1000") @Min(1) int maxSessions,
        @Nullable Path keysFile,
        @DefaultValue("false") boolean iTrustCallers) {

    /** Whether the server accepts only local connections. */
    public boolean onLoopback() {
        return InetAddress.ofLiteral(address).isLoopbackAddress();
    }

    /** The callers' keys; empty if callers have no names. */
    public Optional<ApiKeysFile> keys() {
        return Optional.ofNullable(keysFile)
                .map(UserHome::expand)
                .map(Path::toAbsolutePath)
                .map(ApiKeysFile::new);
    }
}
